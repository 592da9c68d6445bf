import type { ProjectionTarget } from '@loomgraph/sync';
import { takes, type ScanEntry } from '@loomgraph/stores/vectors';

interface Stored {
  readonly revision: number;
  readonly fence: number;
  readonly fingerprint: string;
  readonly content: unknown;
  readonly deleted: boolean;
}

/** A projection target in memory that can be made to fail or corrupt, and that remembers whether a revision ever went back. */
export interface MemoryTarget extends ProjectionTarget<unknown> {
  readonly documents: ReadonlyMap<string, Stored>;
  /** Documents that were written, in order, fenced ones left out. */
  readonly applied: readonly { id: string; revision: number; fence: number }[];
  /** Called before each write of a batch; throws to make it fail. */
  failWith: (ids: readonly string[]) => void;
  /** Puts something there behind the engine's back, over what is stored; `undefined` takes it away. Its checksum stays that of the last write. */
  plant(id: string, stored: Partial<Stored> | undefined): void;
}

export function createMemoryTarget(identity = 'memory'): MemoryTarget {
  const documents = new Map<string, Stored>();
  const checksums = new Map<string, string | undefined>();
  const applied: { id: string; revision: number; fence: number }[] = [];
  const put = (id: string, next: Parameters<typeof takes>[1] & { content: unknown }): 'applied' | 'fenced' => {
    if (!takes(documents.get(id), next)) return 'fenced';
    const { revision, fence = 0, fingerprint, content, deleted } = next;
    documents.set(id, { revision, fence, fingerprint, content, deleted });
    checksums.set(id, JSON.stringify(content));
    applied.push({ id, revision, fence });
    return 'applied';
  };
  const entry = (id: string, verify: boolean): ScanEntry | null => {
    const stored = documents.get(id);
    if (!stored) return null;
    const { content, ...rest } = stored;
    return { id, ...rest, ...(verify && { intact: stored.deleted || JSON.stringify(content) === checksums.get(id) }) };
  };
  const target: MemoryTarget = {
    kind: 'search',
    identity,
    documents,
    applied,
    failWith: () => undefined,
    plant(id, stored) {
      const none = { revision: 0, fence: 0, fingerprint: '', content: undefined, deleted: false };
      if (stored) documents.set(id, { ...none, ...documents.get(id), ...stored });
      else documents.delete(id);
    },
    async apply(batch) {
      target.failWith(batch.map((document) => document.id));
      return Promise.resolve(batch.map(({ id, ...document }) => put(id, { ...document, deleted: false })));
    },
    async remove(tombstones) {
      target.failWith(tombstones.map((tombstone) => tombstone.id));
      return Promise.resolve(
        tombstones.map(({ id, ...tombstone }) => put(id, { ...tombstone, fingerprint: '', content: undefined, deleted: true })),
      );
    },
    async entries(ids, { verify = false } = {}) {
      return Promise.resolve(ids.map((id) => entry(id, verify)));
    },
    async scan({ after, limit, verify = false }) {
      const ids = [...documents.keys()].sort().filter((id) => after === undefined || id > after);
      return Promise.resolve(ids.slice(0, limit).flatMap((id) => entry(id, verify) ?? []));
    },
    async drop() {
      documents.clear();
      return Promise.resolve();
    },
  };
  return target;
}
