import type { RestUploadCall } from '@loomgraph/subgraph-kit';

const REQUEST = `mutation RestRequestUpload($input: RequestResumeUploadInput!) {
  requestResumeUpload(input: $input) { upload { id url headers { name value } } }
}`;

interface RequestedUpload {
  readonly requestResumeUpload: {
    readonly upload: {
      readonly id: string;
      readonly url: string;
      readonly headers: readonly { readonly name: string; readonly value: string }[];
    };
  };
}

/** Makes a version of the file of a call, by what any client would ask for; answers the data of the call's own operation. */
export async function uploadFile(call: RestUploadCall, resumeId: string): Promise<Readonly<Record<string, unknown>>> {
  const { file, fields, operation, ask, put } = call;
  const { name: fileName, mimeType, sizeBytes, sha256 } = file;
  const input = { resumeId, fileName, mimeType, sizeBytes, ...(fields['comment'] === undefined ? {} : { comment: fields['comment'] }) };
  const { requestResumeUpload } = (await ask(REQUEST, { input })) as unknown as RequestedUpload; // it is what REQUEST selects
  const { id: uploadId, url, headers } = requestResumeUpload.upload;
  await put(url, Object.fromEntries(headers.map(({ name, value }) => [name, value])));
  return ask(operation, { input: { uploadId, sha256 } });
}
