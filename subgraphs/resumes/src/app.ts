import type { Embedder } from '@loomgraph/ai';
import { createBuiltInAuthorizer, type AuditSink, type Authorizer } from '@loomgraph/auth';
import { systemClock, uuidSource, type Clock, type IdSource } from '@loomgraph/core';
import type { StoreSet } from '@loomgraph/stores';
import { aroundMutations, auditOperations, defineSubgraph, type Subgraph } from '@loomgraph/subgraph-kit';
import {
  Auditor,
  ChangeCapture,
  ConsumerHost,
  createUnitOfWork,
  enqueueTask,
  JobRunner,
  OutboxRow,
  recordWrites,
  Relay,
  syncMigrations,
  SyncTokens,
  taskMigration,
  TaskRunner,
  type AuditorOptions,
  type EmbeddingModel,
  type RelayOptions,
} from '@loomgraph/sync';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { createArchiveFiles } from './adapters/backups/archive-files.js';
import { backUp } from './adapters/backups/back-up.js';
import { checkFiles } from './adapters/backups/check-files.js';
import { createFindInBackups } from './adapters/backups/find-in-backups.js';
import { restoreResumes } from './adapters/backups/restore.js';
import { createVectorChecks } from './adapters/backups/vector-checks.js';
import { CUT_PASSAGES, cutPassages } from './adapters/cut-passages.js';
import { createClamAvScanner } from './adapters/clamav-scanner.js';
import { fileInspector } from './adapters/file-inspector.js';
import { createFileReader } from './adapters/file-reader.js';
import { createJobSearch } from './adapters/job-search.js';
import { createObjectFiles } from './adapters/object-files.js';
import { createPassageSearch } from './adapters/passage-search.js';
import { READ_JOBS, readJobs } from './adapters/read-jobs.js';
import { removeFiles } from './adapters/remove-files.js';
import { shareTokens } from './adapters/share-tokens.js';
import { suggest } from './adapters/suggest.js';
import { sweep, SWEEP, type SweepOptions } from './adapters/sweep.js';
import { understandVersion } from './adapters/understand-version.js';
import { userData } from './adapters/user-data.js';
import { cutWords } from './adapters/word-cutter.js';
import { backupLimits } from './domain/backups/backup.js';
import { createBackupManagement } from './domain/backups/manage-backups.js';
import { createJobManagement } from './domain/jobs/manage-jobs.js';
import { createPostingReader } from './domain/jobs/read-posting.js';
import { createResumeManagement } from './domain/manage-resumes.js';
import type { FileScanner } from './domain/ports.js';
import { createRecommendations } from './domain/recommendations/recommend.js';
import { createSearchResumes } from './domain/search/search-resumes.js';
import { createResumeSharing } from './domain/share-resumes.js';
import { createLocalAnalyser } from './domain/suggestions/local-analyser.js';
import { createSuggestionManagement } from './domain/suggestions/manage-suggestions.js';
import type { SuggestionAnalyser } from './domain/suggestions/suggestion-analyser.js';
import { createUnderstand } from './domain/understanding/understand.js';
import { createUploads } from './domain/upload.js';
import { ResumeBackupResolver } from './graphql/backup.resolver.js';
import { createResumesContext, type ResumesContext } from './graphql/context.js';
import { createDownloads } from './graphql/downloads.js';
import { JobMutations } from './graphql/jobs/job.mutations.js';
import { JobResolver } from './graphql/jobs/job.resolver.js';
import { RecommendationResolver } from './graphql/recommendations/recommendation.resolver.js';
import { ResumeMutations } from './graphql/resume.mutations.js';
import { ResumeResolver, ResumeVersionResolver } from './graphql/resume.resolver.js';
import { buildResumesSchema } from './graphql/schema.js';
import { ResumeSearchResolver } from './graphql/search.resolver.js';
import { ResumeSharingResolver } from './graphql/sharing.resolver.js';
import { SuggestionMutations } from './graphql/suggestion.mutations.js';
import { SuggestionResolver } from './graphql/suggestion.resolver.js';
import { jobVectors, openJobVectors } from './projections/job-vectors.js';
import { openResumeVectors, resumeVectors } from './projections/resume-vectors.js';
import { BACK_UP, CHECK_FILES, RESTORE } from './store/backup.writer.js';
import { entities } from './store/entities.js';
import { jobsMigration } from './store/jobs/job.migration.js';
import { createJobReader } from './store/jobs/job.reader.js';
import { createJobUnitOfWork } from './store/jobs/job.writer.js';
import { backupsMigration, passagesMigration, resumesMigration, suggestionsMigration, understandingMigration } from './store/migrations.js';
import { records } from './store/records.js';
import { REMOVE_FILES } from './store/removals.js';
import { createResumeReader } from './store/resume.reader.js';
import { createResumeUnitOfWork } from './store/resume.writer.js';
import { SUGGEST } from './store/suggestions.js';
import { UNDERSTAND } from './store/understandings.js';

export const RESUMES = 'resumes';

/** Objects younger than this may have a row that is about to be written. */
const ORPHAN_AGE_MS = 86_400_000;

/** As `resumesSettings` has them. */
export interface ResumesOptions {
  readonly maxFileBytes: number;
  readonly uploadTtlMs: number;
  readonly downloadTtlMs: number;
  /** Most that the files of a backup have together, and how long one is kept. */
  readonly backupMaxBytes: number;
  readonly backupTtlMs: number;
  /** Not set: files are not scanned. */
  readonly scannerUrl?: string | undefined;
}

export interface ResumesDependencies {
  readonly stores: StoreSet;
  readonly options: ResumesOptions;
  readonly embedder: Embedder;
  /**
   * Makes the embeddings of a version of the vectors that another model built, while the new one's are made beside; undefined where it is not to be
   * had any more: that version is then served as it stands.
   */
  readonly embedderFor?: (model: EmbeddingModel) => Embedder | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told of what is denied, and of what administrators change. */
  readonly auditSink?: AuditSink | undefined;
  /** Who may do what; without it the built-in roles of tokens. */
  readonly authorizer?: Authorizer | undefined;
  /** In place of the one that the options name. */
  readonly scanner?: FileScanner | undefined;
  /** Says how resumes fit jobs, in place of the local one. */
  readonly analyser?: SuggestionAnalyser | undefined;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly relay?: Pick<RelayOptions, 'pollMs' | 'faults' | 'limits' | 'retiredMs'>;
  /** What of the audits differs from their defaults; `off` where something else watches. */
  readonly audit?: Partial<Pick<AuditorOptions, 'depth' | 'repair' | 'recordsPerSecond' | 'cycleMs' | 'restMs' | 'pollMs'>> | 'off';
  readonly sweep?: Partial<Pick<SweepOptions, 'orphanAgeMs' | 'everyMs'>>;
}

export interface ResumesSubgraph extends Subgraph {
  readonly relay: Relay;
  /** What is done after a commit: versions to understand, suggestions, passages to cut, files to delete, the sweep. */
  readonly tasks: TaskRunner;
}

export async function createResumesSubgraph(dependencies: ResumesDependencies): Promise<ResumesSubgraph> {
  const { stores, options, embedder, logger, metrics } = dependencies;
  const { clock = systemClock, ids = uuidSource, authorizer = createBuiltInAuthorizer() } = dependencies;
  const { analyser = createLocalAnalyser({ cut: cutWords }) } = dependencies;
  const store = await stores.relational({
    name: RESUMES,
    entities: [...entities, OutboxRow],
    migrations: [
      ...syncMigrations,
      taskMigration,
      resumesMigration,
      understandingMigration,
      suggestionsMigration,
      passagesMigration,
      jobsMigration,
      backupsMigration,
    ],
    subscribers: [new ChangeCapture(records)],
  });
  await store.migrate();
  const bus = await stores.bus();
  // Not behind the store of embeddings by their texts: what is made of a resume goes with it, at its deletion and its owner's erasure.
  const indexed = { store, stores, embedder, embedderFor: dependencies.embedderFor };
  const vectors = await openResumeVectors(indexed);
  const ofJobs = await openJobVectors(indexed);
  const objects = () => stores.objects();
  const folder = stores.namespace === '' ? '' : `${stores.namespace}/`;

  const syncTokens = new SyncTokens({ open: (subgraph) => (subgraph === RESUMES ? Promise.resolve(store) : undefined) });
  const engine = { store, projections: [...resumeVectors(vectors), ...jobVectors(ofJobs)], records, subgraph: RESUMES, logger, metrics };
  const relay = new Relay({ ...engine, bus, onApplied: syncTokens.wake, ...dependencies.relay });
  const { audit = {} } = dependencies;
  const auditor = audit === 'off' ? undefined : new Auditor({ ...engine, ...audit });
  const files = createObjectFiles({ objects, folder });
  const understand = createUnderstand({ reader: createFileReader(), cut: cutWords, now: () => clock.now() });
  const readPosting = createPostingReader({ cut: cutWords, sha256: (text) => fileInspector.sha256(Buffer.from(text)) });
  const scanner = dependencies.scanner ?? (options.scannerUrl === undefined ? undefined : createClamAvScanner({ url: options.scannerUrl }));
  const { maxFileBytes, backupMaxBytes } = options;
  const orphanAgeMs = dependencies.sweep?.orphanAgeMs ?? ORPHAN_AGE_MS;
  const archiving = { store, objects, files, folder, maxBytes: backupMaxBytes, maxFileBytes, clock, logger, metrics };
  const tasks = new TaskRunner({
    store,
    // So that neither a large file nor whoever the analyser waits for keeps anybody's deletion waiting.
    concurrency: 2 + (analyser.atOnce ?? 0),
    subgraph: RESUMES,
    logger,
    metrics,
    handlers: {
      [UNDERSTAND]: understandVersion({ store, files, understand, clock, logger, metrics, onUnderstood: () => relay.notify() }),
      [READ_JOBS]: readJobs({ store, readPosting, onRead: () => relay.notify() }),
      [CUT_PASSAGES]: cutPassages({ store, onCut: () => relay.notify() }),
      [SUGGEST]: suggest({ store, analyser, clock, logger, metrics }),
      [REMOVE_FILES]: removeFiles(objects),
      [SWEEP]: sweep({
        store,
        objects,
        folder,
        clock,
        logger,
        metrics,
        uploadGraceMs: options.uploadTtlMs,
        ...dependencies.sweep,
        orphanAgeMs,
      }),
      [BACK_UP]: backUp(archiving),
      [RESTORE]: restoreResumes({ ...archiving, inspector: fileInspector, scanner, onRestored: () => relay.notify() }),
      [CHECK_FILES]: checkFiles({ ...archiving, orphanAgeMs, findInBackups: createFindInBackups(archiving) }),
    },
  });

  const reader = { ...createResumeReader(store), ...createJobReader(store) };
  const writes = createUnitOfWork(store, () => {
    relay.notify();
    tasks.notify();
  });
  const unitOfWork = createResumeUnitOfWork(writes, { store, folder });
  const writing = { unitOfWork, clock, ids };
  const downloads = createDownloads({ files, clock, ttlMs: options.downloadTtlMs });
  const uploads = createUploads({
    ...writing,
    reader,
    files,
    inspector: fileInspector,
    scanner,
    settings: { maxBytes: options.maxFileBytes, ttlMs: options.uploadTtlMs },
  });
  const search = createPassageSearch(vectors, embedder);
  const resumeSearch = createSearchResumes({ search, reader });
  const recommendations = createRecommendations({ reader, resumeSearch, jobSearch: createJobSearch(ofJobs, embedder), clock });
  const jobs = createJobManagement({ unitOfWork: createJobUnitOfWork(writes, store), clock, ids, readPosting });
  const archiveMaxBytes = backupMaxBytes + backupLimits.overheadBytes;
  const archives = createArchiveFiles({ objects, folder });
  const backups = createBackupManagement({
    ...writing,
    archives,
    vectors: createVectorChecks({ store, subgraph: RESUMES }),
    settings: { maxBytes: archiveMaxBytes, ttlMs: options.backupTtlMs, uploadTtlMs: options.uploadTtlMs },
  });
  const { schema, sdl } = await buildResumesSchema([
    new ResumeResolver({ reader }),
    new ResumeVersionResolver({ downloads }),
    new ResumeMutations({ resumes: createResumeManagement(writing), uploads, reader, maxBytes: options.maxFileBytes }),
    new ResumeSharingResolver({ sharing: createResumeSharing({ ...writing, reader, tokens: shareTokens }), reader, downloads }),
    new ResumeSearchResolver({ search: resumeSearch, model: search }),
    new SuggestionResolver({ reader }),
    new SuggestionMutations({ suggestions: createSuggestionManagement(writing) }),
    new JobResolver({ reader }),
    new JobMutations({ jobs }),
    new RecommendationResolver({ recommendations }),
    new ResumeBackupResolver({ backups, reader, archives, clock, downloadTtlMs: options.downloadTtlMs, maxBytes: archiveMaxBytes }),
  ]);
  aroundMutations<ResumesContext>(schema, ({ sync }, resolve) =>
    sync ? recordWrites((position) => sync.wrote(position), resolve) : resolve(),
  );
  if (dependencies.auditSink) auditOperations(schema, { sink: dependencies.auditSink, authorizer, subgraph: RESUMES, clock });

  const consumers = new ConsumerHost({
    store,
    bus,
    consumers: [userData({ store, objects, folder, subgraph: RESUMES, onErased: () => tasks.notify() })],
    subgraph: RESUMES,
    logger,
    metrics,
  });
  const jobRunner = new JobRunner({ ...engine, replay: (...replay) => consumers.replay(...replay) });
  const subgraph = defineSubgraph({
    name: RESUMES,
    sdl,
    schema,
    createContext: createResumesContext({ reader, authorizer, subgraph: RESUMES, syncTokens, clock }),
    async start() {
      // There is one sweep, however many processes there are.
      await store.transaction(async (em) => {
        await enqueueTask(store, em, { kind: SWEEP, key: 'objects' }, 'keep');
        await enqueueTask(store, em, { kind: CUT_PASSAGES, key: 'missing' }, 'keep');
        await enqueueTask(store, em, { kind: READ_JOBS, key: 'outdated' }, 'keep');
      });
      await consumers.start();
      await relay.start();
      auditor?.start();
      tasks.start();
      jobRunner.start();
    },
    health: () =>
      Promise.all([store.health(), vectors.reader.health(), ofJobs.reader.health(), bus.health(), objects().then((open) => open.health())]),
    async close() {
      await Promise.all([auditor?.stop(), jobRunner.stop(), tasks.stop()]);
      await consumers.close();
      await relay.stop();
      await store.close();
    },
  });
  return { ...subgraph, relay, tasks };
}
