import { mergeParts, readPayloads } from './support/merge-parts.js';
import { createMakers, createMalls, createPrices } from './support/context-subgraphs.js';
import { engineSettings, startEngine, type EngineRun } from './support/engine-run.js';
import { host } from './support/servers.js';
import { startGateway } from './support/start-gateway.js';

const withMalls = async (work: (run: EngineRun['run'], engine: EngineRun) => Promise<void>): Promise<void> => {
  await using engine = await startEngine([createMalls(), createPrices(), createMakers()]);
  await work(engine.run, engine);
};

describe('@fromContext', () => {
  it('passes each entity the value of the object it was reached through, and a null of it', () =>
    withMalls(async (run) => {
      expect(await run('{ malls { shops { items { price label } } } }')).toEqual({
        data: {
          malls: [
            {
              shops: [
                {
                  items: [
                    { price: 'i1 in EUR', label: 'label of i1' },
                    { price: 'i2 in EUR', label: 'label of i2' },
                  ],
                },
                null,
                { items: [{ price: 'i1 in USD', label: 'label of i1' }] },
              ],
            },
            {
              shops: [
                {
                  items: [
                    { price: 'i1 in EUR', label: 'label of i1' },
                    { price: 'i2 in EUR', label: 'label of i2' },
                  ],
                },
                { items: [{ price: 'i1 in null', label: 'label of i1' }] },
              ],
            },
          ],
        },
      });
    }));

  it('passes values of several contexts beside arguments of the client', () =>
    withMalls(async (run) => {
      const query = 'query ($contextualArgument_2_1: Int) { malls { shops { items { spot(times: $contextualArgument_2_1) } } } }';
      expect(await run(query, { variables: { contextualArgument_2_1: 3 } })).toEqual({
        data: {
          malls: [
            {
              shops: [
                { items: [{ spot: 'i1 in EUR on 1 x3' }, { spot: 'i2 in EUR on 1 x3' }] },
                null,
                { items: [{ spot: 'i1 in USD on 1 x3' }] },
              ],
            },
            {
              shops: [
                { items: [{ spot: 'i1 in EUR on null x3' }, { spot: 'i2 in EUR on null x3' }] },
                { items: [{ spot: 'i1 in null on null x3' }] },
              ],
            },
          ],
        },
      });
    }));

  it('goes up through lists of lists and objects without a key, and down below the object', () =>
    withMalls(async (run) => {
      expect(await run('{ malls { anchor { matrix { region } shelf { best { spot } } } } }')).toEqual({
        data: {
          malls: [
            {
              anchor: {
                matrix: [[{ region: 'i1 from north' }, null], [{ region: 'i2 from north' }]],
                shelf: { best: { spot: 'i1 in EUR on 1 x1' } },
              },
            },
            { anchor: null },
          ],
        },
      });
    }));

  it('takes the null of an object on the way down for the value', () =>
    withMalls(async (run) => {
      expect(await run('{ malls { shops { items { region } } } }')).toEqual({
        data: {
          malls: [
            {
              shops: [{ items: [{ region: 'i1 from north' }, { region: 'i2 from north' }] }, null, { items: [{ region: 'i1 from null' }] }],
            },
            { shops: [{ items: [{ region: 'i1 from north' }, { region: 'i2 from north' }] }, { items: [{ region: 'i1 from null' }] }] },
          ],
        },
      });
    }));

  it('reads what the type of the object above says', () =>
    withMalls(async (run) => {
      expect(await run('{ deals { ... on Sale { gift { wrapped } } ... on Coupon { gift { wrapped } } } }')).toEqual({
        data: { deals: [{ gift: { wrapped: 'g1 with half' } }, { gift: { wrapped: 'g1 with X7' } }] },
      });
    }));

  it('keeps apart what another fetch found equal', () =>
    withMalls(async (run) => {
      expect(await run('{ malls { shops { items { maker { id fee } } } } }')).toEqual({
        data: {
          malls: [
            {
              shops: [
                { items: [{ maker: { id: 'k1', fee: 'k1 takes EUR' } }, { maker: { id: 'k1', fee: 'k1 takes EUR' } }] },
                null,
                { items: [{ maker: { id: 'k1', fee: 'k1 takes USD' } }] },
              ],
            },
            {
              shops: [
                { items: [{ maker: { id: 'k1', fee: 'k1 takes EUR' } }, { maker: { id: 'k1', fee: 'k1 takes EUR' } }] },
                { items: [{ maker: { id: 'k1', fee: 'k1 takes null' } }] },
              ],
            },
          ],
        },
      });
    }));

  it('is told nothing by what the client calls the same', () =>
    withMalls(async (run) => {
      expect(await run('{ malls { anchor { currency(style: "long") owner: id shelf { best { price region } } } } }')).toEqual({
        data: {
          malls: [
            { anchor: { currency: 'long EUR', owner: 's1', shelf: { best: { price: 'i1 in EUR', region: 'i1 from north' } } } },
            { anchor: null },
          ],
        },
      });
    }));

  it('waits for a value that another fetch brings', () =>
    withMalls(async (run) => {
      expect(await run('{ malls { anchor { shelf { best { themed } } } } }')).toEqual({
        data: { malls: [{ anchor: { shelf: { best: { themed: 'i1 at the sea' } } } }, { anchor: null }] },
      });
    }));

  it('does not ask about what a value is missing for, and says so', async () => {
    const asked: string[] = [];
    const makers = createMakers(async (mall) => {
      if (mall.id === 'm1') throw new Error('no mall');
      return mall;
    });
    await using engine = await startEngine([createMalls(), createPrices((id) => asked.push(id)), makers]);
    const { data, errors } = await engine.run('{ malls { id shops { shelf { best { placed } } } } }');
    expect(data).toEqual({
      malls: [
        { id: 'm1', shops: [{ shelf: { best: { placed: null } } }, null, { shelf: { best: { placed: null } } }] },
        { id: 'm2', shops: [{ shelf: { best: { placed: 'i1 in Peru' } } }, { shelf: null }] },
      ],
    });
    expect(errors?.map(({ message, path, extensions }) => ({ message, path, code: extensions?.['code'] }))).toEqual([
      { message: 'no mall', path: ['malls', 0], code: 'INTERNAL_SERVER_ERROR' },
      {
        message: 'Subgraph "prices" was not asked for everything, as a value that is passed to it is missing.',
        path: ['malls'],
        code: 'SUBGRAPH_UNAVAILABLE',
      },
    ]);
    expect(asked).toEqual(['i1']);
  });

  it('asks about an entity once for each value it is passed', async () => {
    const asked: string[] = [];
    await using engine = await startEngine([createMalls(), createPrices((id) => asked.push(id)), createMakers()]);
    await engine.run('{ malls { shops { items { price } } } }');
    expect(asked.toSorted()).toEqual(['i1', 'i1', 'i1', 'i2']);
  });

  it('passes values to deferred parts', () =>
    withMalls(async (run, engine) => {
      const fields = 'shelf { best { price region maker { fee } } }';
      const answer = await engine.answer(`{ malls { id anchor { id ... @defer { ${fields} } } } }`, { acceptsIncremental: true });
      if (answer.kind !== 'incremental') throw new Error('The answer comes in one piece.');
      const { data, errors } = mergeParts(await readPayloads(answer.parts));
      const whole = await run(`{ malls { id anchor { id ${fields} } } }`);
      expect(errors).toEqual([]);
      expect(data).toEqual(whole.data);
      expect(data).toMatchObject({ malls: [{ anchor: { shelf: { best: { price: 'i1 in EUR', maker: { fee: 'k1 takes EUR' } } } } }, {}] });
    }));

  it('answers whole where a deferred part would not wait for a value', () =>
    withMalls(async (_run, engine) => {
      const answer = await engine.answer('{ malls { anchor { id ... @defer { shelf { best { placed themed } } } } } }', {
        acceptsIncremental: true,
      });
      if (answer.kind !== 'executed') throw new Error(`The answer is ${answer.kind}.`);
      expect(JSON.parse(answer.body)).toEqual({
        data: { malls: [{ anchor: { id: 's1', shelf: { best: { placed: 'i1 in Peru', themed: 'i1 at the sea' } } } }, { anchor: null }] },
      });
    }));

  it('asks a remote subgraph in one request, which explain shows', async () => {
    await using malls = await host('local', createMalls());
    await using prices = await host('remote', createPrices());
    await using makers = await host('local', createMakers());
    const engine = { ...engineSettings, explain: 'public' } as const;
    await using test = await startGateway([malls.source, prices.source, makers.source], { settings: { engine } });
    const response = await test.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ malls { shops { items { price } } } }', extensions: { explain: true } }),
    });
    expect(await response.json()).toMatchObject({
      data: { malls: [{ shops: [{ items: [{ price: 'i1 in EUR' }, { price: 'i2 in EUR' }] }, null, {}] }, {}] },
      extensions: { explain: { plan: { nodes: [{ subgraph: 'malls' }, { subgraph: 'prices', run: { representations: 4, errors: 0 } }] } } },
    });
  });
});
