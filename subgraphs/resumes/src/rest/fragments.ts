/** What REST answers of each kind; the name of a fragment is the name of its schema in the description. */
const FILE = `fragment ResumeFile on ResumeVersion {
  id resumeId number fileName mimeType sizeBytes sha256 comment createdBy createdAt
  understanding { state reason }
}`;

const FILED_RESUME = `fragment ResumeWithFile on Resume {
  id userId title language createdAt updatedAt revision versionCount latestVersion { ...ResumeFile }
}
${FILE}`;

const SUGGESTION = `fragment Suggestion on ResumeSuggestion {
  id userId resumeId versionId jobTitle locale state reason score analyser analyserVersion createdAt updatedAt
  feedback { ...SuggestionFeedback }
  assessment {
    explanation
    subScores { dimension score weight explanation }
    matched { requirement { kind importance label } share evidence { source start end quote } }
    missing { kind importance label }
    advice { kind text evidence { source start end quote } }
  }
}
fragment SuggestionFeedback on ResumeSuggestionFeedback { isHelpful comment createdAt updatedAt }`;

const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount';

export const fragments = { FILE, FILED_RESUME, SUGGESTION, PAGE_INFO };
