import type { RestUploadCall } from '@loomgraph/subgraph-kit';
import { uploadFile } from './upload-file.js';

const CREATE = 'mutation RestCreateResumeForFile($input: CreateResumeInput!) { createResume(input: $input) { resume { id } } }';
const DELETE = 'mutation RestDropResumeWithoutFile($id: ID!) { deleteResume(id: $id) { deletedId } }';
const ENDING = /\.[^.]*$/;

/** Makes a resume and its first version. A resume whose file is refused is not kept. */
export async function resumeWithFile(call: RestUploadCall): Promise<Readonly<Record<string, unknown>>> {
  const { fields, file, ask } = call;
  const { title = file.name.replace(ENDING, ''), language } = fields;
  const input = { title, ...(language === undefined ? {} : { language }) };
  const { createResume } = (await ask(CREATE, { input })) as unknown as { createResume: { resume: { id: string } } }; // it is what CREATE selects
  const { id } = createResume.resume;
  try {
    return await uploadFile(call, id);
  } catch (error) {
    // What went wrong is answered, not what may go wrong here: an empty resume can be deleted by its owner.
    await ask(DELETE, { id }).catch(() => undefined);
    throw error;
  }
}
