export const REQUEST =
  'mutation($input: RequestResumeSuggestionInput!) { requestResumeSuggestion(input: $input) { suggestion { id state score assessment { score } } } }';
const EVIDENCE = 'evidence { source start end quote }';
export const SUGGESTION = `query($id: ID!) { resumeSuggestion(id: $id) { id userId resumeId versionId jobTitle jobText locale state reason score analyser analyserVersion
  feedback { isHelpful comment } assessment { score explanation subScores { dimension score weight explanation }
    matched { share requirement { kind importance label ${EVIDENCE} } ${EVIDENCE} } missing { kind importance label ${EVIDENCE} }
    advice { kind text ${EVIDENCE} } } } }`;
export const LIST = `query($filter: ResumeSuggestionFilterInput, $first: Int, $after: String) { resumeSuggestions(filter: $filter, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } nodes { jobTitle state score assessment { score } feedback { isHelpful } } } }`;
export const FEEDBACK =
  'mutation($input: GiveSuggestionFeedbackInput!) { giveSuggestionFeedback(input: $input) { feedback { isHelpful comment createdAt updatedAt } } }';
export const TOTALS = '{ resumeSuggestionFeedback { analyser analyserVersion suggestions helpful unhelpful } }';

export interface TestEvidence {
  readonly source: 'RESUME' | 'JOB';
  readonly start: number;
  readonly end: number;
  readonly quote: string;
}
export interface TestRequirement {
  readonly label: string;
  readonly evidence: readonly TestEvidence[];
}
export interface TestAssessment {
  readonly score: number;
  readonly subScores: readonly { readonly weight: number }[];
  readonly matched: readonly {
    readonly requirement: TestRequirement;
    readonly share: number;
    readonly evidence: readonly TestEvidence[];
  }[];
  readonly missing: readonly TestRequirement[];
  readonly advice: readonly { readonly text: string; readonly evidence: readonly TestEvidence[] }[];
}
