import { createProducts, REVIEWS_SDL } from './support/sample-subgraphs.js';
import { scriptedSubgraph } from './support/servers.js';
import { startGateway } from './support/start-gateway.js';

const FEDERATION = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])';

/** A remote subgraph whose answers are GraphQL results, and wrong. */
async function start(text: string) {
  const reviews = await scriptedSubgraph('reviews', `${FEDERATION}\n${REVIEWS_SDL}`);
  reviews.answer = (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  const test = await startGateway([{ kind: 'local', subgraph: createProducts() }, reviews.source]);
  return {
    ask: test.ask,
    async [Symbol.asyncDispose]() {
      await test.gateway.close();
      await reviews[Symbol.asyncDispose]();
    },
  };
}

const NAMES = [{ name: 'Red chair' }, { name: 'Oak table' }];
const merged = (...extra: object[]) => NAMES.map((product, index) => ({ ...product, ...extra[index] }));
const INVALID = 'SUBGRAPH_ANSWER_INVALID';

describe('entities', () => {
  const cases: [string, string, object[], [string, (string | number)[]][]][] = [
    ['too few', '{"data":{"_entities":[{"rating":1}]}}', [{ rating: null }, { rating: null }], [[INVALID, ['topProducts']]]],
    [
      'too many',
      '{"data":{"_entities":[{"rating":1},{"rating":2},{"rating":3}]}}',
      [{ rating: null }, { rating: null }],
      [[INVALID, ['topProducts']]],
    ],
    ['no list', '{"data":{"_entities":{"rating":1}}}', [{ rating: null }, { rating: null }], [[INVALID, ['topProducts']]]],
    ['one that is no object', '{"data":{"_entities":[7,{"rating":2}]}}', [{ rating: null }, { rating: 2 }], [[INVALID, ['topProducts']]]],
    [
      'one of another type',
      '{"data":{"_entities":[{"__typename":"Review","rating":1},{"__typename":"Product","rating":2}]}}',
      [{ rating: null }, { rating: 2 }],
      [[INVALID, ['topProducts']]],
    ],
    ['one that is unknown', '{"data":{"_entities":[null,{"rating":2}]}}', [{ rating: null }, { rating: 2 }], []],
    [
      'a text for a number',
      '{"data":{"_entities":[{"rating":"high"},{"rating":2}]}}',
      [{ rating: null }, { rating: 2 }],
      [[INVALID, ['topProducts', 0, 'rating']]],
    ],
    [
      'a key twice: the last one holds',
      '{"data":{"_entities":[{"rating":1,"rating":3},{"rating":2}]}}',
      [{ rating: 3 }, { rating: 2 }],
      [],
    ],
    [
      'keys nobody asked for',
      '{"data":{"_entities":[{"rating":1,"name":"x","__proto__":{"a":1},"constructor":2},{"rating":2}]}}',
      [{ rating: 1 }, { rating: 2 }],
      [],
    ],
    [
      'an error without a path',
      '{"data":{"_entities":[{"rating":1},null]},"errors":[{"message":"x","extensions":{"code":"NOT_FOUND"}}]}',
      [{ rating: 1 }, { rating: null }],
      [['NOT_FOUND', ['topProducts']]],
    ],
    [
      'an error at a position nobody asked for',
      '{"data":{"_entities":[{"rating":1},{"rating":2}]},"errors":[{"message":"x","path":["_entities",9,"rating"],"extensions":{"code":"NOT_FOUND"}}]}',
      [{ rating: 1 }, { rating: 2 }],
      [['NOT_FOUND', ['topProducts']]],
    ],
    [
      'null with an error',
      '{"data":null,"errors":[{"message":"x","extensions":{"code":"NOT_FOUND"}}]}',
      [{ rating: null }, { rating: null }],
      [['NOT_FOUND', ['topProducts']]],
    ],
    ['an empty answer', '{"data":{}}', [{ rating: null }, { rating: null }], []],
  ];

  it.each(cases)('%s', async (_name, text, extra, errors) => {
    await using test = await start(text);
    const answer = await test.ask('{ topProducts { name rating } }');
    expect(answer.data).toEqual({ topProducts: merged(...extra) });
    expect((answer.errors ?? []).map(({ path, extensions }) => [extensions['code'], path])).toEqual(errors);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });
});

describe('root fields', () => {
  const cases: [string, string, unknown, [string, (string | number)[]][]][] = [
    ['null where none may be', '{"data":{"latestReview":{"body":null}}}', null, [[INVALID, ['latestReview', 'body']]]],
    ['a list for an object', '{"data":{"latestReview":[{"body":"x"}]}}', null, [[INVALID, ['latestReview']]]],
    ['a text for an object', '{"data":{"latestReview":"x"}}', null, [[INVALID, ['latestReview']]]],
    ['an object for a text', '{"data":{"latestReview":{"body":{"a":1}}}}', null, [[INVALID, ['latestReview', 'body']]]],
    ['another type', '{"data":{"latestReview":{"__typename":"Product","body":"x"}}}', null, [[INVALID, ['latestReview']]]],
    ['a prototype', '{"data":{"__proto__":{"latestReview":{"body":"x"}}}}', null, []],
    ['escapes and beyond ASCII', '{"data":{"latestReview":{"body":"\\u00fc\\n\\"\\ud83d\\ude00 简历"}}}', { body: 'ü\n"😀 简历' }, []],
  ];

  it.each(cases)('%s', async (_name, text, latestReview, errors) => {
    await using test = await start(text);
    const answer = await test.ask('{ latestReview { body } topProducts { name } }');
    expect(answer.data).toEqual({ latestReview, topProducts: NAMES });
    expect((answer.errors ?? []).map(({ path, extensions }) => [extensions['code'], path])).toEqual(errors);
  });
});
