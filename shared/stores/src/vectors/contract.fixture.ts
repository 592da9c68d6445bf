import type { VectorCollection, VectorDocument, VectorIndex } from './port.js';

/** What the parts of the contract are given. */
export interface VectorSuite {
  /** A collection of its own, closed after the test; under a given `name` a second handle of the same documents. */
  open(collection?: Partial<VectorCollection>): Promise<VectorIndex>;
  clause(number: number, title: string, test: () => Promise<void>): void;
}

export const DIMENSIONS = 8;

export const axis = (position: number, lean = 0): number[] => {
  const vector = Array.from({ length: DIMENSIONS }, () => 0);
  vector[position] = 1;
  vector[(position + 1) % DIMENSIONS] = lean;
  return vector;
};

export const template = (id: string, more: Partial<VectorDocument> = {}): VectorDocument => ({
  id,
  revision: 1,
  fingerprint: `f-${id}`,
  model: 'lexical-1',
  embeddings: { content: axis(0) },
  title: `Template ${id}`,
  text: '',
  attributes: {},
  ...more,
});

export const ids = (hits: readonly { id: string }[]): string[] => hits.map(({ id }) => id);

export const numbered = (count: number, make: (index: number) => Partial<VectorDocument>): VectorDocument[] =>
  Array.from({ length: count }, (_, index) => template(`t${String(index).padStart(4, '0')}`, make(index)));

let collections = 0;

/** A name no other test has. */
export const newName = (): string => `contract_${process.pid}_${(collections += 1)}`;
