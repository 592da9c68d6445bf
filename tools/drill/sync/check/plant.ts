import { randomUUID } from 'node:crypto';
import type { Projection } from '@loomgraph/sync';
import type { Random } from '../../../harness/random.ts';
import type { AuditedProjection } from '../../smoke/projections.ts';
import type { Tamper } from './tamper.ts';

export type Planted = Readonly<Record<'missing' | 'stale' | 'orphan' | 'corrupt', number>>;

/** Damages documents of every class behind the engine's back, each document once. @returns what was done, by projection */
export async function plant(
  audited: readonly AuditedProjection[],
  options: { readonly tampers: ReadonlyMap<string, Tamper>; readonly perClass: number; readonly random: Random },
): Promise<ReadonlyMap<string, Planted>> {
  const { tampers, perClass, random } = options;
  const planted = new Map<string, Planted>();
  for (const { projection } of audited) {
    const tamper = tampers.get(projection.name);
    if (!tamper) continue;
    const ids = await liveIds(projection);
    const take = (count: number): string[] =>
      Array.from({ length: Math.min(count, ids.length) }, () => ids.splice(random.integer(0, ids.length - 1), 1)[0] as string); // there is one, as counted
    const missing = tamper.lose ? take(perClass) : [];
    const stale = take(perClass);
    const corrupt = take(perClass);
    await tamper.lose?.(missing);
    await tamper.age(stale);
    await tamper.damage(corrupt);
    await addOrphans(projection, perClass);
    planted.set(projection.name, { missing: missing.length, stale: stale.length, orphan: perClass, corrupt: corrupt.length });
  }
  return planted;
}

async function liveIds({ definition }: Projection): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await definition.target.scan({ limit: 500, ...(after === undefined ? {} : { after }) });
    ids.push(...page.filter(({ deleted }) => !deleted).map(({ id }) => id));
    if (page.length < 500) return ids;
    after = page.at(-1)?.id;
  }
}

/** Documents of records that never were: as a writer would leave them that crashed before its transaction ended. */
async function addOrphans({ definition }: Projection, count: number): Promise<void> {
  const { target } = definition;
  const model = await someContent(target);
  await target.apply(
    Array.from({ length: count }, () => ({ id: randomUUID(), revision: 1, fence: 1, fingerprint: 'planted', content: model })),
  );
}

async function someContent(target: Projection['definition']['target']): Promise<unknown> {
  switch (target.kind) {
    case 'graph':
      return { properties: { name: 'planted' }, ownedEdges: [], edges: [] };
    case 'vectors':
      return { title: 'planted', text: 'planted', attributes: {}, embed: { content: 'planted', title: 'planted', description: 'planted' } };
    default:
      return Promise.resolve({ name: 'planted' });
  }
}
