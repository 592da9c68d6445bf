import type { Subgraph } from '@loomgraph/subgraph-kit';
import type { NamedRun } from '../operation.ts';
import { createGatewayRun, type Transport } from './gateway.ts';

interface Variant {
  readonly name: string;
  readonly planner: NamedRun['planner'];
  readonly transport: Transport;
  readonly coalescing: boolean;
  readonly every?: number;
}

/** Apollo's planner takes most of the time, and what it plans wrongly is told and fails nothing. */
const EVERY_TENTH = 10;

/** Every way this gateway executes: each planner, subgraphs in its process and behind HTTP. */
const variants: readonly Variant[] = [
  { name: 'local subgraphs', planner: 'default', transport: 'local', coalescing: false },
  { name: 'remote subgraphs', planner: 'default', transport: 'remote', coalescing: true },
  { name: 'stepwise planner, local subgraphs', planner: 'stepwise', transport: 'local', coalescing: false },
  { name: 'Apollo planner, local subgraphs', planner: 'apollo', transport: 'local', coalescing: true, every: EVERY_TENTH },
  { name: 'Apollo planner, remote subgraphs', planner: 'apollo', transport: 'remote', coalescing: false, every: EVERY_TENTH },
];

/** `everything` or, for a short run, what most installations use. */
export type Scope = 'everything' | 'default planner' | 'default planner, local subgraphs';

export async function openVariants(options: {
  readonly subgraphs: readonly Subgraph[];
  readonly scope: Scope;
  readonly resources: AsyncDisposableStack;
  readonly onAnswered?: (requestId: string) => void;
}): Promise<readonly NamedRun[]> {
  const { scope, ...common } = options;
  const wanted = variants.filter(
    ({ planner, transport }) => scope === 'everything' || (planner === 'default' && (scope === 'default planner' || transport === 'local')),
  );
  return Promise.all(
    wanted.map(async ({ name, planner, transport, coalescing, every = 1 }) => {
      const engine = { planner: planner === 'default' ? 'auto' : planner, coalescing } as const;
      return { name, planner, every, run: await createGatewayRun({ ...common, transport, engine }) };
    }),
  );
}
