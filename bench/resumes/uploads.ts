import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signDevelopmentToken } from '@loomgraph/auth';
import { createStoreSet } from '@loomgraph/stores';
import type { PlantedResume } from '@loomgraph/testing';
import { startGateway, TOKEN_SECRET } from '../../tools/harness/gateway-process.ts';
import { createGraphqlClient, type GraphqlClient } from '../../tools/harness/graphql.ts';
import { explainLimit, watchCpu } from '../../tools/harness/process-usage.ts';
import { createResumeUploader, type ResumeUploader, type UploadedVersion } from '../../tools/harness/resume-upload.ts';
import type { StoresEnv } from '../../tools/harness/store-env.ts';
import { createNamespace, dropNamespace } from '../../tools/namespace/index.ts';
import type { StoresKind } from '../../tools/report/options.ts';
import { percentile } from '../../tools/report/percentile.ts';
import { onePageResumes } from './documents.ts';
import type { Measured } from './measured.ts';

/** Each uploads one file after the other. */
const UPLOADERS = 8;
const DOCUMENTS = 24;
/** A resume takes a hundred versions. */
const VERSIONS_A_RESUME = 90;
const PAGE = 500;

const DOWNLOAD = 'query($id: ID!) { resumeVersion(id: $id) { sha256 download { url } } }';
const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Whole uploads through a gateway of its own: asked for, sent, completed. What is uploaded is understood meanwhile, as it is in use. */
export async function measureUploads(options: {
  readonly kind: StoresKind;
  readonly stores: StoresEnv;
  readonly seed: number;
  readonly seconds: number;
  readonly resources: AsyncDisposableStack;
}): Promise<Measured> {
  const { kind, stores, seed, seconds, resources } = options;
  const namespace = kind === 'real' ? createNamespace('bench') : undefined;
  if (namespace !== undefined)
    resources.defer(async () => {
      await dropNamespace(stores, namespace);
      await removeObjects(stores, `${namespace}/`);
    });
  const dataDir = await mkdtemp(join(tmpdir(), 'loomgraph-bench-'));
  resources.defer(() => rm(dataDir, { recursive: true, force: true }));
  const gateway = resources.use(await startGateway({ stores, dataDir, ...(namespace === undefined ? {} : { namespace }) }));
  using client = createGraphqlClient(gateway.url);
  const uploader = createResumeUploader({ client, gatewayUrl: gateway.url });
  const files = [...(await onePageResumes('pdf', seed, DOCUMENTS / 2)), ...(await onePageResumes('docx', seed, DOCUMENTS / 2))];

  const failures = await checkUploads({ client, gatewayUrl: gateway.url, uploader, files });
  if (failures.length > 0) return { figures: [], notes: [], failures };

  const times: number[] = [];
  const watch = watchCpu(gateway.pid);
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  await Promise.all(
    Array.from({ length: UPLOADERS }, async (_, place) => {
      const token = await tokenOf(`uploader-${place}`);
      let resumeId = '';
      for (let number = 0; performance.now() < until; number += 1) {
        if (number % VERSIONS_A_RESUME === 0) resumeId = await uploader.createResume(token);
        const file = files[(number * UPLOADERS + place) % files.length];
        if (!file) return;
        const began = performance.now();
        const version = await uploader.upload(token, resumeId, file);
        times.push(performance.now() - began);
        failures.push(...wrongOf(file, version));
      }
    }),
  );
  const elapsed = (performance.now() - startedAt) / 1_000;
  const cpu = watch();
  await gateway.stop();
  const suffix = kind === 'real' ? '.real' : '';
  return {
    figures: [
      {
        name: `uploads.perS${suffix}`,
        value: times.length / elapsed,
        meaning: `uploads a second, asked for, sent and completed; ${UPLOADERS} uploaders, PDF and DOCX of one page (${kind} stores)`,
      },
      { name: `uploads.p50Ms${suffix}`, value: percentile(times, 0.5), meaning: 'a whole upload' },
      { name: `uploads.p95Ms${suffix}`, value: percentile(times, 0.95), meaning: 'the value that 95 of 100 did not exceed' },
    ],
    notes: [
      `uploads: ${times.length} in ${elapsed.toFixed(1)} s, while the same process understood what had been uploaded; ${explainLimit(cpu)}`,
    ],
    failures: failures.slice(0, 10),
  };
}

/** Fast and wrong must not pass: what is downloaded has to be what was uploaded. */
async function checkUploads(options: {
  readonly client: GraphqlClient;
  readonly gatewayUrl: string;
  readonly uploader: ResumeUploader;
  readonly files: readonly PlantedResume[];
}): Promise<string[]> {
  const { client, gatewayUrl, uploader, files } = options;
  const token = await tokenOf('checker');
  const resumeId = await uploader.createResume(token);
  const problems: string[] = [];
  for (const file of files) {
    const version = await uploader.upload(token, resumeId, file);
    problems.push(...wrongOf(file, version));
    const answer = await client.run<{ resumeVersion: { download: { url: string } } }>({
      query: DOWNLOAD,
      variables: { id: version.id },
      token,
    });
    const { pathname, search, origin } = new URL(answer.resumeVersion.download.url);
    const response = await fetch(`${pathname.startsWith('/objects/') ? gatewayUrl : origin}${pathname}${search}`);
    const content = new Uint8Array(await response.arrayBuffer());
    if (response.status !== 200 || sha256(content) !== sha256(file.content))
      problems.push(
        `${file.fileName} was downloaded with ${response.status} and ${content.byteLength} bytes; ${file.content.byteLength} were uploaded`,
      );
  }
  return problems;
}

function wrongOf(file: PlantedResume, version: UploadedVersion): string[] {
  const isRight = version.sha256 === sha256(file.content) && version.sizeBytes === file.content.byteLength;
  return isRight
    ? []
    : [`${file.fileName} of ${file.content.byteLength} bytes was answered as ${version.sizeBytes} bytes, ${version.sha256}`];
}

/** Objects are in no namespace of their own: they are known by their prefix. */
async function removeObjects({ S3_URL: s3 }: StoresEnv, prefix: string): Promise<void> {
  if (s3 === undefined) return;
  await using stores = createStoreSet({ urls: { s3 }, dataDir: 'memory://' });
  const objects = await stores.objects();
  for (let page = await objects.list(prefix, { limit: PAGE }); page.length > 0; page = await objects.list(prefix, { limit: PAGE }))
    for (const { key } of page) await objects.delete(key);
}

const tokenOf = (userId: string): Promise<string> => signDevelopmentToken({ secret: TOKEN_SECRET, userId, roles: [] });
