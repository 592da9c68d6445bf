import { expect, it } from '@jest/globals';
import { edge, ref, template } from './contract.fixture.js';
import type { GraphStore } from './port.js';

export interface CorruptionContract {
  readonly create: () => Promise<GraphStore>;
  /** Changes the store behind the graph's back; each leaves the node of its id with another content. */
  readonly damage: Readonly<Record<string, (id: string) => Promise<unknown>>>;
  /** Makes a node look as it did before there were fences and checksums. */
  readonly age: (id: string) => Promise<unknown>;
}

/** What other writers do to nodes (clause 8), and what a graph of before fences and checksums is (clauses 1, 8). */
export function describeCorruption({ create, damage, age }: CorruptionContract): void {
  const region = `corrupt-${process.pid}-`;

  it('8. sees each property and owned edge that was changed, and nothing else', async () => {
    await using graph = await create();
    const ids = Object.keys(damage).map((name) => `${region}${name}`);
    const whole = `${region}whole`;
    const content = {
      properties: { name: 'A name', tags: ['x', 'y'] },
      ownedEdges: ['USED'],
      edges: [edge('USED', ref('Template', whole), 0.5, { count: 1 })],
    };
    await graph.apply([...ids, whole].map((id) => template(id, content)));
    for (const [name, change] of Object.entries(damage)) await change(`${region}${name}`);
    const seen = await graph.entries('Template', [...ids, whole], { verify: true });
    expect(seen.map((entry) => [entry?.id, entry?.intact])).toEqual([...ids.map((id) => [id, false]), [whole, true]]);
    const [damaged = ''] = ids;
    const repaired = await graph.apply([template(damaged, { ...content, replaces: { revision: 1, fence: 0 } })]);
    expect([repaired, await graph.entries('Template', [damaged], { verify: true })]).toMatchObject([['applied'], [{ intact: true }]]);
  });

  it('8. does not know of nodes from before checksums, and verifies them once they are written', async () => {
    await using graph = await create();
    const id = `${region}old`;
    const document = template(id, { fence: 3, fingerprint: 'same', properties: { name: 'Old' } });
    await graph.apply([document]);
    await age(id);
    const old = { id, revision: 1, fence: 0, fingerprint: 'same', deleted: false };
    expect(await graph.entries('Template', [id], { verify: true })).toEqual([old]);
    expect(await graph.apply([{ ...document, revision: 2, fence: 0 }])).toEqual(['applied']);
    expect(await graph.entries('Template', [id], { verify: true })).toEqual([{ ...old, revision: 2, intact: true }]);
  });
}
