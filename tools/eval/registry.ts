import type { Entry } from '../report/command.ts';

export const evaluations: readonly Entry[] = [
  {
    name: 'search',
    summary: 'how well people find what they describe among the 65 real templates, by vector, text and both',
    load: async () => (await import('./search/run.ts')).runSearchEvaluation,
  },
  {
    name: 'extraction',
    summary: 'how much of what is planted in PDF and DOCX resumes is found in them, Chinese, English and mixed, in one column and two',
    load: async () => (await import('./extraction/run.ts')).runExtractionEvaluation,
  },
  {
    name: 'matching',
    summary: 'how well the local analyser ranks jobs for a resume on public graded data, beside BM25 and embeddings',
    load: async () => (await import('./matching/run.ts')).runMatchingEvaluation,
  },
];
