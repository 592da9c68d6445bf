import { LoomError } from '@loomgraph/core';
import { storableText } from '../postgres/values.js';
import type { CollectionTable } from './collection.js';
import { checkAttribute } from './filter.js';
import type { AttributeValue, ScanEntry, VectorDocument } from './port.js';
import { foldTitle } from './segment.js';
import type { WriteOrder } from './write-order.js';

/**
 * A document as `upsertStatement` reads it.
 * @throws LoomError BAD_USER_INPUT when it does not fit the collection.
 */
export function toRow(table: CollectionTable, document: VectorDocument, segment: (text: string) => string): Record<string, unknown> {
  checkRevised(document);
  const title = storableText(document.title);
  const text = storableText(document.text);
  const row: Record<string, unknown> = {
    id: document.id,
    revision: document.revision,
    fence: document.fence ?? 0,
    fingerprint: document.fingerprint,
    model: document.model,
    title,
    title_key: foldTitle(title),
    // The leading space makes every word, the first too, start after one.
    title_words: ` ${segment(title)}`,
    text,
    words: segment(text),
  };
  for (const [field, embedding] of Object.entries(document.embeddings)) {
    checkEmbedding(table, field, embedding);
    // As a string: PostgreSQL reads a long JSON string a third faster than as many JSON numbers.
    row[`e_${field}`] = JSON.stringify(embedding);
  }
  for (const [field, value] of Object.entries(document.attributes)) {
    checkAttribute(table, field, value);
    row[`a_${field}`] = typeof value === 'string' ? storableText(value) : Array.isArray(value) ? value.map(storableText) : value;
  }
  return row;
}

/** A stored row, its columns named as in `toRow`, embeddings as pgvector prints them. */
export function toDocument(table: CollectionTable, row: Readonly<Record<string, unknown>>): VectorDocument {
  // The row was selected by the columns below; their types are those of the table.
  const { id, revision, fingerprint, model, title, text } = row as unknown as VectorDocument;
  const embeddings: Record<string, readonly number[]> = {};
  for (const { field } of table.embeddings) {
    const printed = row[`e_${field}`];
    if (typeof printed === 'string') embeddings[field] = JSON.parse(printed) as number[];
  }
  const attributes: Record<string, AttributeValue> = {};
  for (const { field } of table.attributes) attributes[field] = (row[`a_${field}`] ?? null) as AttributeValue;
  return { id, revision, fingerprint, model, embeddings, title, text, attributes };
}

/** @throws LoomError BAD_USER_INPUT when the collection has no embedding of this name. */
export function checkField(table: CollectionTable, field: string): void {
  const { name, embeddings } = table.collection;
  if (!Object.hasOwn(embeddings, field)) throw new LoomError('BAD_USER_INPUT', `"${field}" is not an embedding of ${name}.`);
}

/** @throws LoomError BAD_USER_INPUT naming both lengths (clause 8), or the position of what is not a finite number. */
export function checkEmbedding(table: CollectionTable, field: string, embedding: readonly number[]): void {
  const { name, dimensions } = table.collection;
  checkField(table, field);
  if (embedding.length !== dimensions) {
    throw new LoomError('BAD_USER_INPUT', `Embedding ${field} of ${name} has ${dimensions} dimensions; got ${embedding.length}.`);
  }
  const wrong = embedding.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new LoomError('BAD_USER_INPUT', `Embedding ${field} of ${name} is not a number at position ${wrong}.`);
}

/** @throws LoomError BAD_USER_INPUT when the id is empty, or the revision or fence no natural number. */
export function checkRevised({ id, revision, fence = 0 }: WriteOrder & { readonly id: string }): void {
  if (id === '' || id.includes('\0')) throw new LoomError('BAD_USER_INPUT', 'An id cannot be empty or hold U+0000.');
  if (!isNatural(revision)) throw new LoomError('BAD_USER_INPUT', `Revision ${revision} of ${id} is no natural number.`);
  if (!isNatural(fence)) throw new LoomError('BAD_USER_INPUT', `Fence ${fence} of ${id} is no natural number.`);
}

/** @throws LoomError BAD_USER_INPUT when a limit is not a natural number. */
export function checkLimit(limit: number): void {
  if (!isNatural(limit)) throw new LoomError('BAD_USER_INPUT', `A limit must be a natural number; got ${limit}.`);
}

/** Entries as the port gives them: without `intact` where nobody asked, or knows. */
export function toEntry({ intact, ...entry }: Omit<ScanEntry, 'intact'> & { readonly intact?: boolean | null }): ScanEntry {
  return typeof intact === 'boolean' ? { ...entry, intact } : entry;
}

const isNatural = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
