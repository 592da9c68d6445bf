import DataLoader from 'dataloader';

/**
 * A loader that answers in the order of the keys: `load` may answer in any order and leave keys out; those are null.
 * One per request: a loader remembers what it loaded.
 */
export function createLoader<Key, Value>(options: {
  readonly load: (keys: readonly Key[]) => Promise<readonly Value[]>;
  readonly keyOf: (value: Value) => Key;
  readonly maxBatchSize?: number;
}): DataLoader<Key, Value | null, string> {
  return new DataLoader<Key, Value | null, string>(
    async (keys) => {
      const byKey = new Map((await options.load(keys)).map((value) => [String(options.keyOf(value)), value]));
      return keys.map((key) => byKey.get(String(key)) ?? null);
    },
    { cacheKeyFn: String, maxBatchSize: options.maxBatchSize ?? 500 },
  );
}
