import type { ProjectionTarget } from '@loomgraph/sync';

interface Stored {
  readonly revision: number;
  readonly fingerprint: string;
  readonly content: unknown;
  readonly deleted: boolean;
}

/** A projection target in memory that can be made to fail, and that remembers whether a revision ever went back. */
export interface MemoryTarget extends ProjectionTarget<unknown> {
  readonly documents: ReadonlyMap<string, Stored>;
  /** Documents that were written, in order, fenced ones left out. */
  readonly applied: readonly { id: string; revision: number }[];
  /** Called before each write of a batch; throws to make it fail. */
  failWith: (ids: readonly string[]) => void;
}

export function createMemoryTarget(identity = 'memory'): MemoryTarget {
  const documents = new Map<string, Stored>();
  const applied: { id: string; revision: number }[] = [];
  const put = (id: string, next: Stored): 'applied' | 'fenced' => {
    const known = documents.get(id);
    if (
      known &&
      (known.revision > next.revision || (known.revision === next.revision && (known.deleted || known.fingerprint === next.fingerprint)))
    )
      return 'fenced';
    documents.set(id, next);
    applied.push({ id, revision: next.revision });
    return 'applied';
  };
  const target: MemoryTarget = {
    kind: 'search',
    identity,
    documents,
    applied,
    failWith: () => undefined,
    async apply(batch) {
      target.failWith(batch.map((document) => document.id));
      return Promise.resolve(
        batch.map(({ id, revision, fingerprint, content }) => put(id, { revision, fingerprint, content, deleted: false })),
      );
    },
    async remove(tombstones) {
      target.failWith(tombstones.map((tombstone) => tombstone.id));
      return Promise.resolve(
        tombstones.map(({ id, revision }) => put(id, { revision, fingerprint: '', content: undefined, deleted: true })),
      );
    },
    async scan({ after, limit }) {
      const ids = [...documents.keys()].sort().filter((id) => after === undefined || id > after);
      return Promise.resolve(
        ids.slice(0, limit).map((id) => {
          const { revision, fingerprint, deleted } = documents.get(id) as Stored;
          return { id, revision, fingerprint, deleted };
        }),
      );
    },
  };
  return target;
}
