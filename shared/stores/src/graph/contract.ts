import { afterEach, describe, expect, it } from '@jest/globals';
import { describeAudits } from './audits.contract.js';
import { ref, template, type GraphSuite } from './contract.fixture.js';
import { describeTraversals } from './traversals.contract.js';
import { describeWrites } from './writes.contract.js';
import type { GraphStore } from './port.js';

export interface GraphStoreContract {
  readonly name: string;
  /** Opens the graph; several handles see the same nodes. Tests keep apart by ids. */
  readonly create: () => Promise<GraphStore>;
  readonly unsupported?: readonly { clause: number; reason: string }[];
}

let tests = 0;

/** The clauses of `GraphStore`, one suite over every adapter. */
export function describeGraphStoreContract({ name, create, unsupported = [] }: GraphStoreContract): void {
  describe(`GraphStore: ${name}`, () => {
    const opened: GraphStore[] = [];
    afterEach(() => Promise.all(opened.splice(0).map((graph) => graph.close())));

    const open = async (): Promise<GraphStore> => {
      const graph = await create();
      opened.push(graph);
      return graph;
    };
    const clause: GraphSuite['clause'] = (number, title, test) => {
      const run = async (): Promise<void> => {
        const region = `${process.pid}-${(tests += 1)}-`;
        await test(await open(), (id) => region + id);
      };
      const exemption = unsupported.find((entry) => entry.clause === number);
      if (exemption) it.skip(`${number}. ${title} (unsupported: ${exemption.reason})`, run);
      else it(`${number}. ${title}`, run);
    };

    describeWrites({ open, clause });
    describeTraversals({ open, clause });
    describeAudits({ open, clause });

    clause(10, 'rejects every call after close', async (graph, $) => {
      await graph.close();
      await graph.close();
      const from = ref('Template', $('a'));
      const closed = { kind: 'unavailable' };
      await expect(graph.apply([template($('a'))])).rejects.toMatchObject(closed);
      await expect(graph.remove('Template', [])).rejects.toMatchObject(closed);
      await expect(graph.node('Template', 'a')).rejects.toMatchObject(closed);
      await expect(graph.neighbours({ from, edge: 'USED', direction: 'out', limit: 1 })).rejects.toMatchObject(closed);
      await expect(graph.sharedNeighbours({ from, edge: 'USED', through: 'User', limit: 1 })).rejects.toMatchObject(closed);
      await expect(graph.shortestPath({ from, to: from, edges: ['USED'], maxDepth: 1 })).rejects.toMatchObject(closed);
      await expect(graph.entries('Template', ['a'])).rejects.toMatchObject(closed);
      await expect(graph.scan('Template', { limit: 1 })).rejects.toMatchObject(closed);
      await expect(graph.purgeTombstones('Template', { olderThanMs: 0, limit: 1 })).rejects.toMatchObject(closed);
      expect(await graph.health()).toMatchObject({ ok: false });
    });
  });
}
