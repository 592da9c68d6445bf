import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse, type GraphQLSchema } from 'graphql';

/** How it answers, by the `mood` a field is asked with. */
export const brokenMoods = ['throws', 'null', 'html', 'cut', 'silent'] as const;
export type Mood = 'fine' | 'slow' | (typeof brokenMoods)[number];

/** A subgraph behind HTTP that answers well or badly, as it is asked to. */
export interface WeatherSubgraph extends AsyncDisposable {
  readonly url: string;
  /** Its schema from now on; there are two. */
  useVersion(version: number): void;
}

const SLOW_MS = 30;
const HOST = '127.0.0.1';

export async function startWeather(): Promise<WeatherSubgraph> {
  const schemas = [0, 1].map(createSchema);
  let schema = schemas[0];
  const server = createServer((request, response) => {
    answer(schema as GraphQLSchema, request, response).catch(() => response.destroy()); // set above
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo; // listens on TCP
  return {
    url: `http://${HOST}:${port}/graphql`,
    useVersion: (version) => void (schema = schemas[version % schemas.length]),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(schema: GraphQLSchema, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  if (body.includes('"html"')) {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
    return;
  }
  if (body.includes('"silent"')) {
    response.destroy();
    return;
  }
  if (body.includes('"slow"')) await sleep(SLOW_MS);
  const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> }; // the gateway sends nothing else
  const result = JSON.stringify(await graphql({ schema, source: query, variableValues: variables }));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(result) });
  if (body.includes('"cut"')) response.write(result.slice(0, result.length / 2), () => response.destroy());
  else response.end(result);
}

function createSchema(version: number): GraphQLSchema {
  const sdl = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { weather(mood: String!): Weather }
    type Weather { sky: String! degrees: Float sun: String! ${version === 0 ? '' : 'wind: Int'} }
    type Product @key(fields: "id") { id: ID! weather(mood: String!): Weather }
  `;
  const weather = (_: unknown, { mood }: { readonly mood: string }) => ({ sky: 'blue', degrees: 21.5, wind: 3, sun: () => sun(mood) });
  const resolvers = { Query: { weather }, Product: { __resolveReference: (reference: object) => reference, weather } };
  return buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]); // its type knows no arguments
}

function sun(mood: string): string | null {
  if (mood === 'throws') throw new Error('There is no sun.');
  return mood === 'null' ? null : 'bright';
}
