/** A worker of the resumes drill: the subgraph in a process of its own, with the uploads it serves, to be killed. */
import { writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Identity } from '@loomgraph/auth';
import { createStoreSet } from '@loomgraph/stores';
import { createEvent, encodeEvent, eventCatalogue } from '@loomgraph/events';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { createLocalHost } from '@loomgraph/testing';
import { activity, steppingStores } from '../faults/stepping-stores.ts';
import { openSubgraph, OBJECTS_SECRET, storeUrlsOf } from '../open-subgraph.ts';
import type { WorkerConfig, WorkerErasure, WorkerLine, WorkerRequest } from './worker-config.ts';

const IDENTITY_MS = 3_600_000;
/** Often, so that a sweep is under way whenever something else is. */
const SWEEP = { everyMs: 400, orphanAgeMs: 1_000 };

const config = JSON.parse(process.argv[2] ?? '{}') as WorkerConfig; // written by the drill
/** At once, so that what is said before a kill is heard. */
const tell = (line: WorkerLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const stopped = new Promise<void>((resolve) => process.once('SIGTERM', resolve));

let requests = 0;
const reached = (step: string): void => {
  const { killAt } = config;
  if (killAt === undefined || step !== killAt.step || requests < killAt.afterRequests) return;
  tell({ kind: 'kill', step: killAt.step });
  process.kill(process.pid, 'SIGKILL');
};

const routes: { answer?: (request: IncomingMessage, response: ServerResponse) => Promise<void> } = {};
const server = createServer((request, response) => {
  void routes.answer?.(request, response).catch((error: unknown) => {
    tell({ kind: 'error', what: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    response.destroy();
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a port, not a pipe

const opened = createStoreSet({
  urls: storeUrlsOf(config.stores),
  dataDir: config.dataDir,
  objects: { publicUrl: `${url}/objects`, secret: OBJECTS_SECRET },
});
const stores = steppingStores(opened, { reached, answered: (suggestionId) => tell({ kind: 'answered', suggestionId }) });
const subgraph = await openSubgraph({
  stores,
  logger: { ...silentLogger, error: (message, fields) => tell({ kind: 'error', what: `${message} ${JSON.stringify(fields)}` }) },
  metrics: createMetrics(),
  sweep: SWEEP,
  aroundAssess: async (assess) => {
    reached('suggest assessing');
    const assessment = await assess();
    reached('suggest assessed');
    return assessment;
  },
});
const host = createLocalHost(subgraph);
const sendsFiles = await opened.objectsHandler();
const bus = await stores.bus();

routes.answer = async (request, response) => {
  requests += 1;
  if (request.url?.startsWith('/objects/')) {
    setImmediate(() => reached('send begun'));
    response.once('finish', () => reached('send answered'));
    return sendsFiles?.(request, response);
  }
  const answer =
    request.url === '/erase' ? await erase((await json(request)) as WorkerErasure) : await ask((await json(request)) as WorkerRequest);
  response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
};

async function ask({ activity: name, userId, query, variables }: WorkerRequest): Promise<object> {
  const issuedAt = new Date();
  const identity: Identity = { userId, roles: [], scopes: [], issuedAt, expiresAt: new Date(issuedAt.getTime() + IDENTITY_MS) };
  return activity.run(name, () => host.execute({ query, variables, request: { identity, requestId: name } }));
}

/** Answered once the bus has it: whoever asks repeats it until then, with the same id, as an outbox does. */
async function erase({ eventId, userId, erasedAt }: WorkerErasure): Promise<object> {
  const event = createEvent(eventCatalogue['accounts.user-erased'], { userId, erasedAt }, { ids: { next: () => eventId } });
  await bus.publish('accounts-events', [encodeEvent(event)]);
  return { data: { erased: userId } };
}

await subgraph.start();
tell({ kind: 'ready', url });
await stopped;
server.close();
server.closeAllConnections();
await subgraph.close();
await opened.close();
process.exit(0);
