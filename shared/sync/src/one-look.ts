/** Asks once for all who ask at the same time, as the gauges of one scrape do. */
export function oneLook<T>(read: () => Promise<T>): () => Promise<T> {
  let looking: Promise<T> | undefined;
  return () =>
    (looking ??= read().finally(() => {
      looking = undefined;
    }));
}
