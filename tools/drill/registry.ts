import type { Entry } from '../report/command.ts';

export const drills: readonly Entry[] = [
  {
    name: 'smoke',
    summary: 'kill -9 the gateway 20 times while it is written to: nothing acknowledged may be lost, every store must agree',
    load: async () => (await import('./smoke/run.ts')).runSmokeDrill,
  },
  {
    name: 'sync',
    summary:
      'kills, outages, zombies, poison and clock jumps under the sync engine: nothing lost, doubled or stale, and planted drift found',
    load: async () => (await import('./sync/run.ts')).runSyncDrill,
  },
  {
    name: 'sync-broken',
    summary: 'the sync drill on builds without fencing, without leases and with a checkpoint by highest id: it must refuse each',
    load: async () => (await import('./sync/broken.ts')).runBrokenSyncDrill,
  },
  {
    name: 'resumes',
    summary:
      'kill -9 during upload, understanding, suggestion, deletion and erasure of resumes: nothing lost, orphaned or doubled, and planted damage found',
    load: async () => (await import('./resumes/run.ts')).runResumesDrill,
  },
  {
    name: 'oracle',
    summary: 'random operations over a supergraph of every federation directive: the gateway must answer what one plain schema answers',
    load: async () => (await import('./oracle/run.ts')).runOracleDrill,
  },
  {
    name: 'audit',
    summary:
      '100,000 entries of the audit log, tampered with behind its back: every edit, deletion and truncation must be found where it is',
    load: async () => (await import('./audit/run.ts')).runAuditDrill,
  },
  {
    name: 'leaks',
    summary: 'mixed requests and supergraph reloads without end: what the gateway holds must not grow',
    load: async () => (await import('./leaks/run.ts')).runLeaksDrill,
  },
  {
    name: 'abuse',
    summary:
      'hostile requests of every published kind, each refused while its legitimate form passes; the gateway stays alive, fast and small',
    hasNamedCases: true,
    load: async () => (await import('./abuse/run.ts')).runAbuseDrill,
  },
];
