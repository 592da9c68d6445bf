/** What a process says of itself at `/metrics`. */
export interface Vitals {
  readonly heapMb: number;
  readonly rssMb: number;
  /** The longest its event loop did not turn since it was asked the last time. */
  readonly blockedMs: number;
}

const MB = 2 ** 20;

/** @throws Error when it does not answer, or says nothing of this */
export async function readVitals(origin: string): Promise<Vitals> {
  const response = await fetch(`${origin}/metrics`, { signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  const value = (name: string): number => {
    const found = new RegExp(`^loom_${name} (\\S+)$`, 'm').exec(text)?.[1];
    if (found === undefined) throw new Error(`The process does not say its ${name}.`);
    return Number(found);
  };
  return {
    heapMb: value('nodejs_heap_size_used_bytes') / MB,
    rssMb: value('process_resident_memory_bytes') / MB,
    blockedMs: value('nodejs_eventloop_lag_max_seconds') * 1_000,
  };
}
