import { createHash } from 'node:crypto';

/** Documents that were registered, by the ids clients may name them by. */
export interface Manifest {
  readonly byId: ReadonlyMap<string, string>;
  readonly texts: ReadonlySet<string>;
}

/** A manifest that cannot be used; the message, for the operator, says why. */
export class ManifestError extends Error {}

const APOLLO_FORMAT = 'apollo-persisted-query-manifest';
const APOLLO_VERSION = 1;
const SHA256_PREFIX = 'sha256:';

/**
 * Reads a manifest: Apollo's (`{ format, version, operations: [{ id, body }] }`), or an object of texts by id as Relay's compiler and
 * GraphQL Code Generator write it. Every document is known by its id, and by the SHA-256 of its text with and without `sha256:` before it.
 * @throws ManifestError
 */
export function parseManifest(json: string): Manifest {
  const byId = new Map<string, string>();
  const add = (id: string, text: string): void => {
    const known = byId.get(id);
    if (known !== undefined && known !== text) throw new ManifestError(`Two documents have the id "${id}".`);
    byId.set(id, text);
  };
  const documents = readDocuments(json);
  for (const [id, text] of documents) add(id, text);
  for (const [, text] of documents) {
    const hash = sha256(text);
    add(hash, text);
    add(`${SHA256_PREFIX}${hash}`, text);
  }
  return { byId, texts: new Set(documents.map(([, text]) => text)) };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function readDocuments(json: string): readonly (readonly [id: string, text: string])[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ManifestError(`It is no JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!isRecord(value)) throw new ManifestError('It must be a JSON object: a manifest of Apollo, or texts by id.');
  if (!('format' in value)) return Object.entries(value).map(([id, text]) => toDocument(id, text));
  if (value['format'] !== APOLLO_FORMAT || value['version'] !== APOLLO_VERSION) {
    throw new ManifestError(`Its format must be "${APOLLO_FORMAT}", version ${APOLLO_VERSION}.`);
  }
  const { operations } = value;
  if (!Array.isArray(operations)) throw new ManifestError('It has no list of "operations".');
  return operations.map((operation: unknown) => {
    if (!isRecord(operation) || typeof operation['id'] !== 'string') throw new ManifestError('An operation has no "id".');
    return toDocument(operation['id'], operation['body']);
  });
}

function toDocument(id: string, text: unknown): readonly [string, string] {
  if (id === '') throw new ManifestError('A document has an empty id.');
  if (typeof text !== 'string' || text.trim() === '') throw new ManifestError(`The document "${id}" has no text.`);
  return [id, text];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
