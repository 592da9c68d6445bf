import type { Metrics } from '@loomgraph/telemetry';
import { LRUCache } from 'lru-cache';

/** What a compiled operation takes in memory for each character of its text: AST, plan, closures and generated code, as measured. */
const BYTES_PER_CHARACTER = 60;
const BYTES_PER_TEXT_CHARACTER = 2;
const BYTES_PER_ENTRY = 500;

/** Two caches bounded by memory: any text a client sent → normal form, and normal form → what is compiled of it. */
export interface OperationCache<Operation extends { readonly text: string }> {
  find(query: string, operationName: string | undefined): Operation | undefined;
  findNormal(text: string): Operation | undefined;
  keep(query: string, operationName: string | undefined, operation: Operation): void;
  /** Texts that were used most recently. */
  recent(limit: number): { readonly query: string; readonly operationName: string | undefined }[];
  sizes(): OperationCacheSizes;
}

export interface OperationCacheSizes {
  readonly texts: CacheSize;
  readonly compiled: CacheSize;
}

interface CacheSize {
  readonly entries: number;
  /** As estimated, see above. */
  readonly bytes: number;
}

interface Source {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly normal: string;
}

export interface OperationCacheMetrics {
  readonly hit: () => void;
  readonly miss: () => void;
}

export function createOperationCacheMetrics(metrics: Metrics): OperationCacheMetrics {
  const lookups = metrics.counter('gateway_operation_cache_lookups_total', 'Requests that found their operation compiled, or not.', [
    'outcome',
  ]);
  return { hit: lookups.series({ outcome: 'hit' }), miss: lookups.series({ outcome: 'miss' }) };
}

/** Half of the memory is for texts, half for what is compiled. */
export function createOperationCache<Operation extends { readonly text: string }>(options: {
  readonly maxBytes: number;
  readonly metrics: OperationCacheMetrics;
}): OperationCache<Operation> {
  const { maxBytes, metrics } = options;
  const maxSize = Math.max(1, Math.floor(maxBytes / 2));
  const sources = new LRUCache<string, Source>({
    maxSize,
    sizeCalculation: ({ query }) => query.length * BYTES_PER_TEXT_CHARACTER + BYTES_PER_ENTRY,
  });
  const operations = new LRUCache<string, Operation>({
    maxSize,
    sizeCalculation: ({ text }) => text.length * BYTES_PER_CHARACTER + BYTES_PER_ENTRY,
  });
  return {
    find(query, operationName) {
      const source = sources.get(keyOf(query, operationName));
      const operation = source === undefined ? undefined : operations.get(source.normal);
      if (operation === undefined) metrics.miss();
      else metrics.hit();
      return operation;
    },
    findNormal: (text) => operations.get(text),
    keep(query, operationName, operation) {
      sources.set(keyOf(query, operationName), { query, operationName, normal: operation.text });
      if (operations.peek(operation.text) !== operation) operations.set(operation.text, operation);
    },
    sizes: () => ({ texts: sizeOf(sources), compiled: sizeOf(operations) }),
    recent: (limit) => [...sources.values()].slice(0, limit).map(({ query, operationName }) => ({ query, operationName })),
  };
}

function sizeOf({ size, calculatedSize }: { readonly size: number; readonly calculatedSize: number }): CacheSize {
  return { entries: size, bytes: calculatedSize };
}

/** A name holds no line break, so the two cannot run into each other. */
function keyOf(query: string, operationName: string | undefined): string {
  return operationName === undefined ? query : `${operationName}\n${query}`;
}
