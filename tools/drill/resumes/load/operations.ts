/** What users do, as they would through the gateway. */
export const CREATE = 'mutation { createResume(input: { title: "Drill" }) { resume { id } } }';
export const REQUEST =
  'mutation($input: RequestResumeUploadInput!) { requestResumeUpload(input: $input) { upload { id url headers { name value } } } }';
export const COMPLETE =
  'mutation($input: CompleteResumeUploadInput!) { completeResumeUpload(input: $input) { version { id sha256 sizeBytes } } }';
export const DELETE_VERSION = 'mutation($id: ID!) { deleteResumeVersion(id: $id) { deletedId } }';
export const DELETE_RESUME = 'mutation($id: ID!) { deleteResume(id: $id) { deletedId } }';
export const ASK = 'mutation($input: RequestResumeSuggestionInput!) { requestResumeSuggestion(input: $input) { suggestion { id } } }';
export const LOOK = 'query($id: ID!) { resumeSuggestion(id: $id) { state score reason } }';
export const FEEDBACK =
  'mutation($input: GiveSuggestionFeedbackInput!) { giveSuggestionFeedback(input: $input) { feedback { isHelpful comment } } }';

export interface RequestedUpload {
  readonly id: string;
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** Asks for what resumes of the drill have and have not. */
export const JOB = `Requirements
- 5+ years of experience with Java, Kubernetes is a plus
- Kafka, PostgreSQL, Docker
- Bachelor's degree required
- Fluent English`;
