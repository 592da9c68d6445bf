import { createHash } from 'node:crypto';
import { Kind } from 'graphql';
import type { RecordedOperation } from './operations.ts';

export const manifestFormats = ['apollo', 'texts'] as const;
export type ManifestFormat = (typeof manifestFormats)[number];

/** The texts of operations as a manifest of trusted documents, sorted by id: the same operations always give the same file. */
export function renderManifest(operations: readonly RecordedOperation[], format: ManifestFormat): string {
  const documents = new Map(operations.map((operation) => [idOf(operation.text), operation]));
  const sorted = [...documents].sort(([a], [b]) => (a < b ? -1 : 1));
  const manifest =
    format === 'texts'
      ? Object.fromEntries(sorted.map(([id, { text }]) => [id, text]))
      : {
          format: 'apollo-persisted-query-manifest',
          version: 1,
          operations: sorted.map(([id, { name, text, document }]) => ({ id, name, type: typeOf(document), body: text })),
        };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function typeOf({ definitions }: RecordedOperation['document']): string {
  return definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)?.operation ?? 'query';
}
