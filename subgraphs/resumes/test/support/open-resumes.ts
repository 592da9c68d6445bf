import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLexicalEmbedder } from '@loomgraph/ai';
import { builtInRules, createAuthorizer, type Identity, type SubjectFacts } from '@loomgraph/auth';
import type { Clock } from '@loomgraph/core';
import { createStoreSet, type StoreSet } from '@loomgraph/stores';
import { enqueueTask, OutboxRow } from '@loomgraph/sync';
import { createMemoryLogger, createMetrics } from '@loomgraph/telemetry';
import { createLocalHost, realRecords, realStore } from '@loomgraph/testing';
import type { ExecutionResult } from 'graphql';
import mysql from 'mysql2/promise';
import { dropNamespace } from '../../../../tools/namespace/index.ts';
import { SWEEP } from '../../src/adapters/sweep.js';
import { createResumesSubgraph, type ResumesDependencies, type ResumesSubgraph } from '../../src/app.js';

export interface ResumeUrls {
  readonly relational?: string;
  readonly s3?: string;
  /** Has the vectors. */
  readonly postgres?: string;
}

/** Where the record and the files are kept: embedded, and a real record with real files, where both are configured: see `realRecords`. */
export function backends(suite: string): { readonly name: string; readonly urls: ResumeUrls }[] {
  const [s3, postgres] = [realStore('S3_URL'), realStore('POSTGRES_URL')];
  const urls = s3 === undefined ? undefined : { s3, ...(postgres === undefined ? {} : { postgres }) };
  return [
    { name: 'embedded', urls: {} },
    ...(urls === undefined
      ? []
      : realRecords(suite).map(({ name, url }) => ({ name: `${name} with S3`, urls: { relational: url, ...urls } }))),
  ];
}

export const caller = (userId: string, roles: readonly string[] = []): Identity => ({
  userId,
  roles,
  scopes: [],
  issuedAt: new Date(),
  expiresAt: new Date(Date.now() + 3_600_000),
});
export const admin = caller('admin', ['admin']);

export interface TestClock extends Clock {
  advance(ms: number): void;
}

export interface OpenResumes extends AsyncDisposable {
  readonly subgraph: ResumesSubgraph;
  readonly stores: StoreSet;
  readonly clock: TestClock;
  readonly logger: ReturnType<typeof createMemoryLogger>;
  /** Keys of the object store begin with it. */
  readonly folder: string;
  /** What the policy data says of users. */
  readonly facts: Map<string, Partial<SubjectFacts>>;
  send(query: string, variables?: Record<string, unknown>, identity?: Identity | null): Promise<ExecutionResult>;
  /** The data of an operation that must have no errors. */
  data(query: string, variables?: Record<string, unknown>, identity?: Identity | null): Promise<any>; // eslint-disable-line
  /** Code and details of the only error. */
  refusal(
    query: string,
    variables?: Record<string, unknown>,
    identity?: Identity | null,
  ): Promise<{ code: unknown; reason: unknown; message: string }>;
  createResume(identity: Identity, title?: string): Promise<string>;
  /** Asks for an upload and sends the file. */
  sendFile(
    identity: Identity,
    resumeId: string,
    file: TestFile,
  ): Promise<{ id: string; url: string; headers: Record<string, string>; status: number }>;
  /** As `sendFile`, and completes it. */
  upload(identity: Identity, resumeId: string, file: TestFile): Promise<any>; // eslint-disable-line
  keys(prefix: string): Promise<readonly string[]>;
  /** Does every task that is due. */
  settle(): Promise<void>;
  /** One whole sweep. */
  sweep(): Promise<void>;
}

export interface TestFile {
  readonly fileName: string;
  readonly mimeType: string;
  readonly content: Uint8Array;
  readonly comment?: string;
  /** What is said of its size; else what it is. */
  readonly sizeBytes?: number;
}

const SECRET = 'a secret of the tests, at least 32 bytes long';
export const MAX_BYTES = 64 * 1024;
export const DIMENSIONS = 256;

export async function openResumes(
  backend: { readonly urls: ResumeUrls } = { urls: {} },
  overrides: Partial<ResumesDependencies> = {},
  /** What of the store set the subgraph sees. */
  seen: (stores: StoreSet) => StoreSet = (stores) => stores,
): Promise<OpenResumes> {
  await using opened = new AsyncDisposableStack();
  const { urls } = backend;
  const isReal = urls.relational !== undefined;
  const namespace = isReal ? `t${randomUUID().replaceAll('-', '').slice(0, 10)}` : '';
  const { relational, postgres } = urls;
  if (postgres !== undefined) opened.defer(async () => void (await dropNamespace({ POSTGRES_URL: postgres }, namespace)));
  if (relational !== undefined) opened.defer(() => dropDatabase(relational, `loom_${namespace}_resumes`));
  const objectsOf: { handler?: Awaited<ReturnType<StoreSet['objectsHandler']>> } = {};
  const server = createServer((request, response) => void objectsOf.handler?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const stores = opened.use(
    createStoreSet({
      urls,
      dataDir: 'memory://',
      objects: { publicUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/objects`, secret: SECRET },
      ...(isReal ? { namespace } : {}),
    }),
  );
  objectsOf.handler = await stores.objectsHandler();
  let ahead = 0;
  const clock: TestClock = { now: () => new Date(Date.now() + ahead), advance: (ms) => void (ahead += ms) };
  const facts = new Map<string, Partial<SubjectFacts>>();
  const authorizer = opened.use(
    createAuthorizer({
      source: {
        version: () => Promise.resolve(0),
        changesSince: () => Promise.resolve([]),
        rules: () => Promise.resolve(builtInRules),
        factsOf: (userId) => Promise.resolve({ roles: [], groups: [], grants: [], ...facts.get(userId) }),
      },
      tokenRoles: ({ roles }) => roles,
    }),
  );
  const logger = createMemoryLogger();
  const subgraph = opened.use(
    await createResumesSubgraph({
      stores: seen(stores),
      options: {
        maxFileBytes: MAX_BYTES,
        uploadTtlMs: 60_000,
        downloadTtlMs: 60_000,
        backupMaxBytes: 1024 * 1024,
        backupTtlMs: 7 * 86_400_000,
      },
      embedder: createLexicalEmbedder({ dimensions: DIMENSIONS }),
      audit: 'off',
      logger,
      metrics: createMetrics(),
      authorizer,
      clock,
      ...overrides,
    }),
  );
  const host = createLocalHost(subgraph);
  const send: OpenResumes['send'] = (query, variables = {}, identity = null) =>
    host.execute({ query, variables, request: { identity, requestId: 'test' } });
  const data: OpenResumes['data'] = async (query, variables, identity) => {
    const answer = await send(query, variables, identity);
    if (answer.errors) throw new Error(`${JSON.stringify(answer.errors)}\n${logger.lines.map((line) => JSON.stringify(line)).join('\n')}`);
    return answer.data as unknown;
  };
  const folder = isReal ? `${namespace}/` : '';
  const objects = await stores.objects();
  if (isReal)
    opened.defer(async () => {
      for (const { key } of await objects.list(folder, { limit: 1_000 })) await objects.delete(key);
    });
  const sendFile: OpenResumes['sendFile'] = async (identity, resumeId, { fileName, mimeType, content, comment = '', sizeBytes }) => {
    const input = { resumeId, fileName, mimeType, sizeBytes: sizeBytes ?? content.byteLength, comment };
    const { upload } = (await data(REQUEST, { input }, identity)).requestResumeUpload;
    const headers = Object.fromEntries(upload.headers.map(({ name, value }: { name: string; value: string }) => [name, value]));
    const response = await fetch(upload.url, { method: 'PUT', body: content, headers });
    await response.arrayBuffer();
    return { id: upload.id, url: upload.url, headers, status: response.status };
  };
  const resources = opened.move();
  return {
    subgraph,
    stores,
    clock,
    logger,
    folder,
    facts,
    send,
    data,
    async refusal(query, variables, identity) {
      const { errors = [] } = await send(query, variables, identity);
      if (errors.length !== 1) throw new Error(`Expected one error: ${JSON.stringify(errors)}`);
      const { code, details } = (errors[0]?.extensions ?? {}) as { code?: unknown; details?: { reason?: unknown } };
      return { code, reason: details?.reason, message: errors[0]?.message ?? '' };
    },
    createResume: async (identity, title = '后端工程师') =>
      (await data('mutation($input: CreateResumeInput!) { createResume(input: $input) { resume { id } } }', { input: { title } }, identity))
        .createResume.resume.id,
    sendFile,
    async upload(identity, resumeId, file) {
      const { id } = await sendFile(identity, resumeId, file);
      return (await data(COMPLETE, { input: { uploadId: id, sha256: sha256(file.content) } }, identity)).completeResumeUpload;
    },
    keys: async (prefix) => (await objects.list(folder + prefix, { limit: 1_000 })).map(({ key }) => key.slice(folder.length)),
    async settle() {
      while (await subgraph.tasks.round());
    },
    async sweep() {
      const store = await stores.relational({ name: 'resumes', entities: [OutboxRow], migrations: [] });
      await store.transaction((em) => enqueueTask(store, em, { kind: SWEEP, key: 'objects' }));
      while (await subgraph.tasks.round());
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

export const REQUEST = `mutation($input: RequestResumeUploadInput!) { requestResumeUpload(input: $input) {
  upload { id url headers { name value } maxBytes expiresAt } } }`;
export const COMPLETE = `mutation($input: CompleteResumeUploadInput!) { completeResumeUpload(input: $input) {
  version { id number fileName mimeType sizeBytes sha256 comment createdBy } resume { id revision versionCount latestVersion { id } } } }`;

export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** The smallest PDF with a page. */
export const pdf = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
);
export const markdown = (text: string): TestFile => ({ fileName: 'cv.md', mimeType: 'text/markdown', content: Buffer.from(text) });

async function dropDatabase(url: string, database: string): Promise<void> {
  const connection = await mysql.createConnection(url.replace('mariadb:', 'mysql:'));
  await connection.query(`drop database if exists \`${database}\``);
  await connection.end();
}
