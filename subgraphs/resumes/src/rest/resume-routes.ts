import type { RestRoute } from '@loomgraph/subgraph-kit';
import { fragments } from './fragments.js';
import { resumeWithFile } from './resume-with-file.js';
import { uploadFile } from './upload-file.js';

const { FILE, FILED_RESUME, PAGE_INFO } = fragments;
const page = { first: 'first', after: 'after' };
const ORDER = { orderBy: 'orderBy.field', direction: 'orderBy.direction' };
const COMMENT = 'About this version; at most 1,000 characters.';

export const resumeRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/api/resumes',
    id: 'listResumes',
    summary: 'Resumes that the caller may read, last changed first unless stated.',
    tag: 'Resumes',
    status: 200,
    operation: `query RestListResumes($filter: ResumeFilterInput, $orderBy: ResumeOrderInput, $first: Int, $after: String) {
      resumes(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { nodes { ...ResumeWithFile } ${PAGE_INFO} }
    }
    ${FILED_RESUME}`,
    answer: ['resumes'],
    variables: {
      query: {
        userId: 'filter.userId',
        titleContains: 'filter.titleContains',
        language: 'filter.language',
        hasVersion: 'filter.hasVersion',
        updatedAfter: 'filter.updatedAfter',
        updatedBefore: 'filter.updatedBefore',
        ...ORDER,
        ...page,
      },
    },
  },
  {
    method: 'POST',
    path: '/api/resumes',
    id: 'createResume',
    summary: 'Makes a resume of the caller: with a file as its first version, or without any.',
    tag: 'Resumes',
    status: 201,
    operation: `mutation RestCreateResume($input: CreateResumeInput!) { createResume(input: $input) { resume { ...ResumeWithFile } } }
    ${FILED_RESUME}`,
    answer: ['createResume', 'resume'],
    variables: { body: { title: 'input.title', language: 'input.language' } },
    upload: {
      file: 'file',
      fields: {
        title: 'The name people see, 1 to 200 characters; the name of the file, without its ending, where it is left out.',
        language: 'BCP 47 tag of the language it is written in; zh where it is left out.',
        comment: COMMENT,
      },
      optional: true,
      async run(call) {
        const operation = `mutation RestCompleteFirstUpload($input: CompleteResumeUploadInput!) {
          completeResumeUpload(input: $input) { resume { ...ResumeWithFile } }
        }
        ${FILED_RESUME}`;
        const { completeResumeUpload } = await resumeWithFile({ ...call, operation });
        return { createResume: completeResumeUpload };
      },
    },
  },
  {
    method: 'GET',
    path: '/api/resumes/{id}',
    id: 'getResume',
    summary: 'A resume with its newest version.',
    tag: 'Resumes',
    status: 200,
    operation: `query RestGetResume($id: ID!) { resume(id: $id) { ...ResumeWithFile } }
    ${FILED_RESUME}`,
    answer: ['resume'],
    variables: { path: { id: 'id' } },
  },
  {
    method: 'DELETE',
    path: '/api/resumes/{id}',
    id: 'deleteResume',
    summary: 'Deletes a resume with its versions, their files and its share links.',
    tag: 'Resumes',
    status: 204,
    operation: 'mutation RestDeleteResume($id: ID!) { deleteResume(id: $id) { deletedId } }',
    answer: ['deleteResume'],
    variables: { path: { id: 'id' } },
  },
  {
    method: 'GET',
    path: '/api/resumes/{id}/versions',
    id: 'listVersions',
    summary: 'The versions of a resume, newest first.',
    tag: 'Files',
    status: 200,
    operation: `query RestListVersions($id: ID!, $filter: ResumeVersionFilterInput, $first: Int, $after: String) {
      resume(id: $id) { versions(filter: $filter, first: $first, after: $after) { nodes { ...ResumeFile } ${PAGE_INFO} } }
    }
    ${FILE}`,
    answer: ['resume', 'versions'],
    variables: {
      path: { id: 'id' },
      query: { mimeType: 'filter.mimeType', fileNameContains: 'filter.fileNameContains', ...page },
    },
  },
  {
    method: 'POST',
    path: '/api/resumes/{id}/versions',
    id: 'createVersion',
    summary: 'Makes a version of a file.',
    tag: 'Files',
    status: 201,
    operation: `mutation RestCompleteUpload($input: CompleteResumeUploadInput!) {
      completeResumeUpload(input: $input) { version { ...ResumeFile } }
    }
    ${FILE}`,
    answer: ['completeResumeUpload', 'version'],
    variables: { path: { id: 'input.resumeId' } },
    upload: {
      file: 'file',
      fields: { comment: COMMENT },
      optional: false,
      run: (call) => uploadFile(call, call.path['id'] ?? ''),
    },
  },
  {
    method: 'GET',
    path: '/api/files/{id}',
    id: 'downloadFile',
    summary: 'Redirects to where the file of a version can be fetched for some minutes, without a token.',
    tag: 'Files',
    status: 302,
    operation: `query RestDownloadFile($id: ID!) { resumeVersion(id: $id) { ...ResumeFile download { url expiresAt } } }
    ${FILE}`,
    answer: ['resumeVersion'],
    variables: { path: { id: 'id' } },
    redirect: ['download', 'url'],
  },
  {
    method: 'DELETE',
    path: '/api/files/{id}',
    id: 'deleteFile',
    summary: 'Deletes a version and its file.',
    tag: 'Files',
    status: 204,
    operation: 'mutation RestDeleteFile($id: ID!) { deleteResumeVersion(id: $id) { deletedId } }',
    answer: ['deleteResumeVersion'],
    variables: { path: { id: 'id' } },
  },
];
