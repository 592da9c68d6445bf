import { LoomError, StoreError } from '@loomgraph/core';
import { GraphQLError } from 'graphql';
import { createProducts, sdlSubgraph } from './support/sample-subgraphs.js';
import { host, rawServer } from './support/servers.js';
import { startGateway, type TestGateway } from './support/start-gateway.js';

/** What no client may ever see: hosts, statements, credentials, files. */
const SECRET = 'select * from users where password=hunter2 at 10.0.0.7:3306 /srv/loom/dist/store.js:42';
const SDL =
  'type Query { plain: Int typed: Int store: Int loom: Int graphql: Int thrown: Int nested: Int rejected: Int list: [Int!] scalar: Int! ok: Int }';

function fail(kind: string): never {
  switch (kind) {
    case 'plain':
      throw new Error(SECRET);
    case 'typed':
      throw new TypeError(SECRET);
    case 'store':
      throw new StoreError('constraint', 'users', SECRET, { cause: new Error(SECRET) });
    case 'loom':
      throw new LoomError('INTERNAL_SERVER_ERROR', SECRET, { details: { statement: SECRET } });
    case 'graphql':
      throw new GraphQLError(SECRET, {
        extensions: { code: 'ER_DUP_ENTRY', statement: SECRET, stacktrace: [SECRET], exception: { stacktrace: [SECRET] } },
      });
    case 'nested':
      throw new GraphQLError('outer', { originalError: new Error(SECRET), extensions: { http: { headers: SECRET } } });
    default:
      // eslint-disable-next-line typescript/only-throw-error -- drivers throw such things, too
      throw { message: SECRET, sql: SECRET };
  }
}

const KINDS = ['plain', 'typed', 'store', 'loom', 'graphql', 'thrown', 'nested'] as const;
const broken = () =>
  sdlSubgraph('broken', SDL, {
    Query: {
      ...Object.fromEntries(KINDS.map((kind) => [kind, () => fail(kind)])),
      rejected: () => Promise.reject(new Error(SECRET)),
      list: () => [1, null, SECRET],
      scalar: () => SECRET,
      ok: () => 1,
    },
  });

/** The whole answer, headers included, as the client gets it. */
async function seen({ send }: TestGateway, query: string, extensions?: object): Promise<string> {
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
  const response = await send('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, extensions }) });
  return `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
}

function expectNothingLeaks(answer: string): void {
  for (const word of [
    'hunter2',
    '10.0.0.7',
    'select *',
    'password',
    '/srv/',
    '.js:',
    '.ts:',
    'stacktrace',
    'ER_DUP_ENTRY',
    '    at ',
    'node_modules',
  ]) {
    expect(answer).not.toContain(word);
  }
}

describe.each(['local', 'remote'] as const)('errors planted in a %s subgraph', (kind) => {
  it.each([...KINDS, 'rejected', 'list', 'scalar'])('%s: nothing of it reaches the client, all of it the log', async (field) => {
    await using hosted = await host(kind, broken());
    await using gateway = await startGateway([hosted.source]);
    for (const query of [`{ ${field} ok }`, `{ ok other: ${field} }`]) {
      const answer = await seen(gateway, query);
      expectNothingLeaks(answer);
      expect(answer).toMatch(/"code":"(INTERNAL_SERVER_ERROR|SUBGRAPH_ANSWER_INVALID)"/);
      expect(answer).toContain('"requestId":"');
    }
  });
});

describe('errors of the gateway itself', () => {
  it('a subgraph that answers with a page of its web server, headers and stack', async () => {
    await using server = await rawServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        if (body.includes('_service')) {
          response
            .writeHead(200, { 'content-type': 'application/json' })
            .end(JSON.stringify({ data: { _service: { sdl: 'type Query { a: Int }' } } }));
        } else
          response
            .writeHead(500, { 'x-powered-by': SECRET.replaceAll('\n', ' '), 'content-type': 'text/html' })
            .end(`<pre>${SECRET}</pre>`);
      });
    });
    await using gateway = await startGateway([{ kind: 'remote', name: 'page', url: server.url }]);
    const answer = await seen(gateway, '{ a }');
    expectNothingLeaks(answer);
    expect(answer).toContain('"code":"SUBGRAPH_UNAVAILABLE"');
  });

  it('a stage that throws before the engine is asked', async () => {
    await using gateway = await startGateway([{ kind: 'local', subgraph: createProducts() }], {
      admit: () => Promise.reject(new Error(SECRET)),
    });
    const answer = await seen(gateway, '{ caller }');
    expectNothingLeaks(answer);
    expect(answer).toMatch(/^500 .*"message":"Internal server error"/);
    expect(JSON.stringify(gateway.logger.lines.map(({ message }) => message))).toContain('Masked error');
  });

  it('routes beside GraphQL', async () => {
    await using gateway = await startGateway([{ kind: 'local', subgraph: createProducts() }], {
      extraRoutes: (app) => {
        app.get('/broken', () => Promise.reject(new Error(SECRET)));
      },
    });
    const response = await gateway.send('/broken');
    const answer = `${response.status} ${await response.text()}`;
    expectNothingLeaks(answer);
    expect(answer).toContain('"code":"INTERNAL_SERVER_ERROR"');
  });

  it.each(['/health/ready', '/graphql/../etc/passwd', '/nowhere?x=%00', '/%'])('%s shows no stack', async (path) => {
    await using gateway = await startGateway([{ kind: 'local', subgraph: createProducts() }]);
    expectNothingLeaks(await (await gateway.send(path)).text());
  });
});
