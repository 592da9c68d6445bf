import { assertStorableText } from '@loomgraph/subgraph-kit';
import { z } from 'zod';
import { backupLimits } from '../../domain/backups/backup.js';
import { limits } from '../../domain/resume.js';
import { ArchiveRefused } from './archive-refused.js';

export const MANIFEST = 'manifest.json';
export const FORMAT = 'loomgraph-resumes';
/** Of the manifest: raised by a change that an older release would misread. */
export const SCHEMA_VERSION = 1;

const id = z.uuid();
const user = z.string().min(1).max(64);
const time = z.iso.datetime().transform((text) => new Date(text));
const count = z.int().min(0).max(2_147_483_647);

const versionSchema = z.object({
  id,
  number: count.min(1),
  fileName: z.string().min(1).max(limits.fileNameBytes),
  contentType: z.string().max(100),
  sizeBytes: count.min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  comment: z.string().max(limits.commentLength),
  createdBy: user,
  createdAt: time,
  /** The entry of the archive that has its content. */
  entry: z.string().min(1).max(1_000),
});

const resumeSchema = z.object({
  id,
  title: z.string().min(1).max(limits.titleLength),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/)
    .max(limits.languageLength),
  lastNumber: count,
  createdAt: time,
  updatedAt: time,
  versions: z.array(versionSchema).max(limits.versions),
});

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  schemaVersion: z.literal(SCHEMA_VERSION),
  backupId: id,
  userId: user,
  createdAt: time,
  resumes: z.array(resumeSchema).min(1).max(backupLimits.resumes),
});

/** What an archive says it holds. */
export type Manifest = z.output<typeof manifestSchema>;
export type ManifestResume = Manifest['resumes'][number];
export type ManifestVersion = ManifestResume['versions'][number];

export const entryOf = ({ id: versionId, fileName }: { readonly id: string; readonly fileName: string }): string =>
  `files/${versionId}/${fileName}`;

/** @throws ArchiveRefused `manifest`, `newer-version` */
export function parseManifest(text: string): Manifest {
  const refuse = (problem: string): ArchiveRefused => new ArchiveRefused('manifest', `${MANIFEST}: ${problem}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse('is no JSON');
  }
  const { format, schemaVersion } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (format !== FORMAT) throw refuse(`its format is not "${FORMAT}"`);
  if (typeof schemaVersion === 'number' && schemaVersion > SCHEMA_VERSION)
    throw new ArchiveRefused('newer-version', `${MANIFEST}: schema version ${schemaVersion}; this release reads ${SCHEMA_VERSION}`);
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) throw refuse(problemOf(parsed.error));
  try {
    assertStorableText(parsed.data, MANIFEST);
  } catch (error) {
    throw new ArchiveRefused('manifest', (error as Error).message, { cause: error });
  }
  const { resumes } = parsed.data;
  const versions = resumes.flatMap((resume) => resume.versions);
  assertUnique(
    resumes.map((resume) => resume.id),
    () => refuse('names a resume twice'),
  );
  assertUnique(
    versions.map((version) => version.id),
    () => refuse('names a version twice'),
  );
  assertUnique(
    versions.map((version) => version.entry),
    () => refuse('names an entry twice'),
  );
  for (const { id: resumeId, lastNumber, versions: own } of resumes) {
    assertUnique(
      own.map(({ number }) => number),
      () => refuse(`resume ${resumeId} has a number twice`),
    );
    if (own.some(({ number }) => number > lastNumber)) throw refuse(`resume ${resumeId} has a number above its last`);
  }
  return parsed.data;
}

const problemOf = ({ issues }: z.ZodError): string =>
  issues
    .slice(0, 1)
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
    .join();

function assertUnique(values: readonly (string | number)[], refusal: () => Error): void {
  if (new Set(values).size !== values.length) throw refusal();
}
