import { createLexicalEmbedder } from '@loomgraph/ai';
import type { Clock } from '@loomgraph/core';
import type { StoreSet, StoreUrls } from '@loomgraph/stores';
import {
  createLocalAnalyser,
  createResumesSubgraph,
  cutWords,
  type ResumesDependencies,
  type ResumesSubgraph,
} from '@loomgraph/subgraph-resumes';
import type { Logger, Metrics } from '@loomgraph/telemetry';

/** Signs the URLs of embedded objects: the same in every process, so that one that was handed out is good after a kill. */
export const OBJECTS_SECRET = 'a-secret-for-the-resumes-drill-only-0123456789';

/** No upload expires while the drill runs: what is given up is for the sweep at its end. */
export const UPLOAD_TTL_MS = 3_600_000;
const MAX_FILE_BYTES = 1_048_576;
const DIMENSIONS = 64;

type Assess = ReturnType<typeof createLocalAnalyser>['assess'];

/** The resumes subgraph as installations run it; `aroundAssess` sees each suggestion while it is worked out. */
export function openSubgraph(options: {
  readonly stores: StoreSet;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock?: Clock;
  readonly sweep?: NonNullable<ResumesDependencies['sweep']>;
  readonly aroundAssess?: (assess: () => ReturnType<Assess>) => ReturnType<Assess>;
}): Promise<ResumesSubgraph> {
  const { aroundAssess = (assess) => assess(), ...dependencies } = options;
  const analyser = createLocalAnalyser({ cut: cutWords });
  return createResumesSubgraph({
    ...dependencies,
    // What search is made of follows the record, and is the sync drill's.
    embedder: createLexicalEmbedder({ dimensions: DIMENSIONS }),
    audit: 'off',
    options: {
      maxFileBytes: MAX_FILE_BYTES,
      uploadTtlMs: UPLOAD_TTL_MS,
      downloadTtlMs: UPLOAD_TTL_MS,
      backupMaxBytes: 1024 * 1024,
      backupTtlMs: 86_400_000,
    },
    analyser: { ...analyser, assess: (question, signal) => aroundAssess(() => analyser.assess(question, signal)) },
  });
}

/** The store set's URLs from those by environment variable. */
export function storeUrlsOf(env: Readonly<Record<string, string>>): StoreUrls {
  const named = { relational: env['MYSQL_URL'], redis: env['REDIS_URL'], s3: env['S3_URL'] };
  return Object.fromEntries(Object.entries(named).filter(([, url]) => url !== undefined));
}
