/** A part of an answer, as it was handed over to be sent. */
export interface PartRecord {
  /** Milliseconds since the request began. */
  readonly atMs: number;
  /** The deferred fragments it completes; none for the first part. */
  readonly fragments: readonly PartFragment[];
}

export interface PartFragment {
  readonly path: readonly (string | number)[];
  readonly label?: string;
}

/** What of a payload tells which fragments it is about. */
export interface PartPayload {
  readonly pending?: readonly (PartFragment & { readonly id: string })[] | undefined;
  readonly completed?: readonly { readonly id: string }[] | undefined;
}

/** What `explain` keeps of an answer in parts while it is sent. */
export interface PartsRecord {
  readonly parts: readonly PartRecord[];
  sent(payload: PartPayload): void;
}

export function recordParts(elapsedMs: () => number): PartsRecord {
  const parts: PartRecord[] = [];
  const announced = new Map<string, PartFragment>();
  return {
    parts,
    sent({ pending = [], completed = [] }) {
      for (const { id, ...fragment } of pending) announced.set(id, fragment);
      parts.push({ atMs: elapsedMs(), fragments: completed.flatMap(({ id }) => announced.get(id) ?? []) });
    },
  };
}
