import type { Entry } from '../tools/report/command.ts';

export const benches: readonly Entry[] = [
  {
    name: 'templates',
    summary: 'lists, gets, vector search and sync lag over 10,000 templates, through the gateway',
    load: async () => (await import('./templates/run.ts')).runTemplatesBench,
  },
  {
    name: 'gateway',
    summary: 'the gateway beside @apollo/gateway and Hive Gateway over the same subgraphs: CPU per request, rate, latency, memory',
    hasNamedCases: true,
    load: async () => (await import('./gateway/run.ts')).runGatewayBench,
  },
  {
    name: 'sync',
    summary: 'the sync engine on real stores: lag, throughput by target beside other queues, cost of capture, audit, reading own writes',
    load: async () => (await import('./sync/run.ts')).runSyncBench,
  },
  {
    name: 'auth',
    summary:
      'what the guard costs: identity, rules of access, limits and budgets beside the same gateway without them, permission checks; whether the time of a login tells who has an account',
    load: async () => (await import('./auth/run.ts')).runAuthBench,
  },
  {
    name: 'resumes',
    summary:
      'uploads through the gateway; extraction beside unpdf and mammoth alone, suggestions by the local analyser, memory over fifty pages',
    load: async () => (await import('./resumes/run.ts')).runResumesBench,
  },
];
