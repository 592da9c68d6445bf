import type { Entry } from '../report/command.ts';

export const evaluations: readonly Entry[] = [
  {
    name: 'search',
    summary: 'how well people find what they describe among the 65 real templates, by vector, text and both',
    load: async () => (await import('./search/run.ts')).runSearchEvaluation,
  },
];
