import type { RestRoute } from '@loomgraph/subgraph-kit';
import { fragments } from './fragments.js';

const { PAGE_INFO, SUGGESTION } = fragments;

export const suggestionRoutes: readonly RestRoute[] = [
  {
    method: 'POST',
    path: '/api/suggestions',
    id: 'requestSuggestion',
    summary: 'Asks how a version fits a job; the answer is listed once it is there.',
    tag: 'Suggestions',
    status: 202,
    operation: `mutation RestRequestSuggestion($input: RequestResumeSuggestionInput!) {
      requestResumeSuggestion(input: $input) { suggestion { ...Suggestion } }
    }
    ${SUGGESTION}`,
    answer: ['requestResumeSuggestion', 'suggestion'],
    variables: {
      body: { versionId: 'input.versionId', jobTitle: 'input.jobTitle', jobDescription: 'input.jobDescription', locale: 'input.locale' },
    },
  },
  {
    method: 'GET',
    path: '/api/suggestions',
    id: 'listSuggestions',
    summary: "The caller's suggestions, newest first; for administrators everybody's.",
    tag: 'Suggestions',
    status: 200,
    operation: `query RestListSuggestions($filter: ResumeSuggestionFilterInput, $first: Int = 10, $after: String) {
      resumeSuggestions(filter: $filter, first: $first, after: $after) { nodes { ...Suggestion } ${PAGE_INFO} }
    }
    ${SUGGESTION}`,
    answer: ['resumeSuggestions'],
    variables: {
      query: {
        userId: 'filter.userId',
        resumeId: 'filter.resumeId',
        versionId: 'filter.versionId',
        state: 'filter.state',
        jobTitleContains: 'filter.jobTitleContains',
        minScore: 'filter.minScore',
        createdAfter: 'filter.createdAfter',
        createdBefore: 'filter.createdBefore',
        first: 'first',
        after: 'after',
      },
    },
  },
  {
    method: 'POST',
    path: '/api/suggestions/{id}/feedback',
    id: 'giveFeedback',
    summary: 'Says whether a suggestion helped, in place of what the caller said before.',
    tag: 'Suggestions',
    status: 200,
    operation: `mutation RestGiveFeedback($input: GiveSuggestionFeedbackInput!) {
      giveSuggestionFeedback(input: $input) { feedback { isHelpful comment createdAt updatedAt } }
    }`,
    answer: ['giveSuggestionFeedback', 'feedback'],
    variables: { path: { id: 'input.suggestionId' }, body: { isHelpful: 'input.isHelpful', comment: 'input.comment' } },
  },
];
