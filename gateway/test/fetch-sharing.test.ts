import { setImmediate } from 'node:timers/promises';
import { engineSettings } from './support/engine-run.js';
import { createProducts, createReviews } from './support/sample-subgraphs.js';
import { host } from './support/servers.js';
import { bearer, startGateway, type TestGateway } from './support/start-gateway.js';

interface Shared {
  readonly gateway: TestGateway;
  /** How often the subgraph was asked for its top products. */
  asked(): number;
  /** Lets it answer. */
  open(): void;
}

/** Two remote subgraphs, of which the first answers when it is let. */
async function withSharing(work: (shared: Shared) => Promise<void>): Promise<void> {
  let asked = 0;
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const onTopProducts = async (): Promise<void> => {
    asked += 1;
    await opened;
  };
  await using products = await host('remote', createProducts({ onTopProducts }));
  await using reviews = await host('remote', createReviews());
  await using gateway = await startGateway([products.source, reviews.source], {
    settings: { engine: { ...engineSettings, fetchSharing: true } },
  });
  await work({ gateway, asked: () => asked, open });
}

async function countOf({ metrics }: TestGateway, name: string): Promise<number> {
  return Number(new RegExp(`^loom_${name} (\\d+)$`, 'm').exec((await metrics.render()).body)?.[1]);
}

const SHARED = 'gateway_shared_fetches_total';
const REVIEWED = '{ topProducts { id reviews { id body } } }';
const NAMED = 'query Named { all: topProducts { id name } topProducts { id name reviews { body product { id name } } } }';

describe('fetches under way', () => {
  it('are shared by identical operations, and each gets its own answer', () =>
    withSharing(async ({ gateway, asked, open }) => {
      const answers = Array.from({ length: 5 }, () => gateway.ask(REVIEWED));
      while ((await countOf(gateway, SHARED)) < 4) await setImmediate();
      open();
      const expected = {
        data: {
          topProducts: [
            { id: 'p1', reviews: [{ id: 'r2', body: 'Too red' }] },
            { id: 'p2', reviews: [{ id: 'r1', body: 'Sturdy' }] },
          ],
        },
      };
      expect(await Promise.all(answers)).toEqual(answers.map(() => expected));
      expect(asked()).toBe(1);
      // The reviews, too: those who share a fetch go on together.
      expect(await countOf(gateway, SHARED)).toBe(8);
    }));

  it('are shared by different operations, whose answers differ', () =>
    withSharing(async ({ gateway, asked, open }) => {
      const first = gateway.ask('query First { topProducts { id name } }');
      const second = gateway.ask('query Second { topProducts { id name } }');
      const third = gateway.ask(NAMED);
      // The third asks for the list twice in one fetch.
      while (asked() < 3 || (await countOf(gateway, SHARED)) < 1) await setImmediate();
      open();
      const topProducts = [
        { id: 'p1', name: 'Red chair' },
        { id: 'p2', name: 'Oak table' },
      ];
      expect(await Promise.all([first, second])).toEqual([{ data: { topProducts } }, { data: { topProducts } }]);
      expect(await third).toEqual({
        data: {
          all: topProducts,
          topProducts: [
            { ...topProducts[0], reviews: [{ body: 'Too red', product: topProducts[0] }] },
            { ...topProducts[1], reviews: [{ body: 'Sturdy', product: topProducts[1] }] },
          ],
        },
      });
    }));

  it('are not shared by different callers, nor joined after a mutation', () =>
    withSharing(async ({ gateway, asked, open }) => {
      const ada = await bearer('ada');
      const first = [gateway.ask(REVIEWED), gateway.ask(REVIEWED, { headers: ada })];
      while (asked() < 2) await setImmediate();
      await gateway.ask('mutation { renameProduct(id: "p1", name: "Blue chair") { id } }');
      const later = gateway.ask(REVIEWED);
      while (asked() < 3) await setImmediate();
      open();
      const answers = await Promise.all([...first, later]);
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    }));
});
