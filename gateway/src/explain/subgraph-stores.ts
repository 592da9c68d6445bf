import { nameOf, type SubgraphSource } from '../supergraph/subgraph-source.js';

type Stores = ReadonlyMap<string, readonly string[]>;

/** A store that does not answer must not hold up an explanation. */
const LIMIT_MS = 1_000;

const known = new WeakMap<ReadonlyMap<string, SubgraphSource>, Promise<Stores>>();

/**
 * The stores of each subgraph of this process, as its health report names them: `relational (pglite)`. Nobody tells those of remote
 * subgraphs. Asked once for each supergraph version; a subgraph that does not report within a second is asked again the next time.
 */
export function subgraphStores(sources: ReadonlyMap<string, SubgraphSource>): Promise<Stores> {
  let stores = known.get(sources);
  if (stores === undefined) known.set(sources, (stores = readStores(sources)));
  return stores;
}

async function readStores(sources: ReadonlyMap<string, SubgraphSource>): Promise<Stores> {
  const reports = await Promise.all(
    [...sources.values()].map(async (source) => {
      const stores = source.kind === 'remote' ? undefined : await reported(source.subgraph);
      if (stores === undefined && source.kind === 'local') known.delete(sources); // asked again the next time
      return [nameOf(source), stores ?? []] as const;
    }),
  );
  return new Map(reports);
}

type LocalSubgraph = Extract<SubgraphSource, { kind: 'local' }>['subgraph'];

async function reported(subgraph: LocalSubgraph): Promise<readonly string[] | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), LIMIT_MS)));
  const report = subgraph.health().then(
    (stores) => stores.map(({ name, backend }) => `${name} (${backend})`),
    () => undefined,
  );
  const stores = await Promise.race([report, late]);
  clearTimeout(timer);
  return stores;
}
