import type { Entry } from '../report/command.ts';

export const drills: readonly Entry[] = [
  {
    name: 'smoke',
    summary: 'kill -9 the gateway 20 times while it is written to: nothing acknowledged may be lost, every store must agree',
    load: async () => (await import('./smoke/run.ts')).runSmokeDrill,
  },
];
