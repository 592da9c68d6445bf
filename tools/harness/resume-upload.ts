import type { GraphqlClient } from './graphql.ts';

const CREATE = 'mutation { createResume(input: { title: "Resume" }) { resume { id } } }';
const REQUEST =
  'mutation($input: RequestResumeUploadInput!) { requestResumeUpload(input: $input) { upload { id url headers { name value } } } }';
const COMPLETE = 'mutation($input: CompleteResumeUploadInput!) { completeResumeUpload(input: $input) { version { id sha256 sizeBytes } } }';

export interface ResumeFile {
  readonly fileName: string;
  readonly mimeType: string;
  readonly content: Uint8Array;
}

export interface UploadedVersion {
  readonly id: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Uploads resumes as browsers do: asks for a URL, sends the file there, completes. */
export interface ResumeUploader {
  /** @returns its id */
  createResume(token: string): Promise<string>;
  /** @throws Error where any of the three steps is refused */
  upload(token: string, resumeId: string, file: ResumeFile): Promise<UploadedVersion>;
}

export function createResumeUploader({
  client,
  gatewayUrl,
}: {
  readonly client: GraphqlClient;
  readonly gatewayUrl: string;
}): ResumeUploader {
  return {
    createResume: async (token) =>
      (await client.run<{ createResume: { resume: { id: string } } }>({ query: CREATE, token })).createResume.resume.id,
    async upload(token, resumeId, { fileName, mimeType, content }) {
      const input = { resumeId, fileName, mimeType, sizeBytes: content.byteLength };
      const { requestResumeUpload } = await client.run<{
        requestResumeUpload: { upload: { id: string; url: string; headers: { name: string; value: string }[] } };
      }>({ query: REQUEST, variables: { input }, token });
      const { id: uploadId, url, headers } = requestResumeUpload.upload;
      const { pathname, search } = new URL(url);
      // The gateway took a free port; an object store of its own is where it says.
      const target = pathname.startsWith('/objects/') ? `${gatewayUrl}${pathname}${search}` : url;
      const sent = await fetch(target, {
        method: 'PUT',
        body: content,
        headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
      });
      await sent.arrayBuffer();
      if (sent.status !== 200) throw new Error(`The upload of ${fileName} was answered ${sent.status}.`);
      const { completeResumeUpload } = await client.run<{ completeResumeUpload: { version: UploadedVersion } }>({
        query: COMPLETE,
        variables: { input: { uploadId } },
        token,
      });
      return completeResumeUpload.version;
    },
  };
}
