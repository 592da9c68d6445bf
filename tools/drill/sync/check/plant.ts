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
  const collateral = new Map<string, Set<string>>();
  const lost = new Map<string, readonly string[]>();
  for (const { projection } of audited) {
    const lose = tampers.get(projection.name)?.lose;
    if (!lose) continue;
    const ids = pick(random, await liveIds(projection), perClass);
    for (const [name, damaged] of await lose(ids)) collateral.set(name, new Set([...(collateral.get(name) ?? []), ...damaged]));
    lost.set(projection.name, ids);
  }
  const planted = new Map<string, Planted>();
  for (const { projection } of audited) {
    const { name } = projection;
    const tamper = tampers.get(name);
    const damaged = collateral.get(name) ?? new Set();
    if (!tamper) {
      planted.set(name, { missing: 0, stale: 0, orphan: 0, corrupt: damaged.size });
      continue;
    }
    const whole = (await liveIds(projection)).filter((id) => !damaged.has(id));
    const stale = pick(random, whole, perClass);
    const corrupt = pick(random, whole, perClass);
    await tamper.age(stale);
    await tamper.damage(corrupt);
    await addOrphans(projection, perClass);
    const missing = lost.get(name)?.length ?? 0;
    planted.set(name, { missing, stale: stale.length, orphan: perClass, corrupt: corrupt.length + damaged.size });
  }
  return planted;
}

/** Takes some out of a list. */
function pick(random: Random, ids: string[], count: number): string[] {
  return Array.from({ length: Math.min(count, ids.length) }, () => ids.splice(random.integer(0, ids.length - 1), 1)[0] as string); // there is one, as counted
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
