import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Identity } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import { CloseCode, MessageType, validateMessage, type Message, type SubscribeMessage } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { SERVICE_RESTART, TRY_AGAIN_LATER } from './close-codes.js';
import type { AnswerReport, EngineAnswer, LiveStream } from '../execution/engine.js';
import type { AnswerOperation } from '../request/answer-operation.js';
import { readParameters } from '../request/graphql-parameters.js';
import { assertJsonDepthWithin } from '../request/limits/json-depth.js';
import type { ErrorMasker } from '../request/mask-errors.js';
import { parseJson } from '../request/parse-json.js';
import type { ReadCaller } from '../request/read-caller.js';
import { refusalOfError } from '../request/refusal-of-error.js';
import { openRequestScope, type RequestScope } from '../request/request-scope.js';
import type { RequestReport } from '../telemetry/request-report.js';

export interface ConnectionDeps {
  readonly answerOperation: AnswerOperation;
  readonly readCaller: ReadCaller;
  readonly mask: ErrorMasker;
  readonly report: RequestReport;
  readonly maxJsonDepth: number;
  /** Operations of one connection at once. */
  readonly maxOperations: number;
  readonly logger: Logger;
}

/** One operation of a connection. */
interface Running {
  stream: LiveStream | undefined;
  /** Its client wants no more of it. */
  isCompleted: boolean;
}

/** How long a client may take to say who it is. */
const INIT_TIMEOUT_MS = 10_000;
/** What may name a caller in the payload of `connection_init`; clients write headers in either case. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'x-api-key']);

/**
 * One connection by the protocol graphql-transport-ws (https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md).
 *
 *   opened --connection_init with credentials--> acknowledged --subscribe--> operations, told apart by the client's ids
 *
 * Credentials are looked at with `connection_init` and again with each operation. A client that does not read gets its next event when it has
 * read the one before; where too much waits for one of its operations, the connection ends.
 */
export class Connection {
  readonly #socket: WebSocket;
  readonly #request: IncomingMessage;
  readonly #deps: ConnectionDeps;
  readonly #initTimer: NodeJS.Timeout;
  /** Undefined until the client has said who it is. */
  #headers: IncomingHttpHeaders | undefined;
  #isAcknowledged = false;
  readonly #running = new Map<string, Running>();

  constructor(socket: WebSocket, request: IncomingMessage, deps: ConnectionDeps) {
    this.#socket = socket;
    this.#request = request;
    this.#deps = deps;
    this.#initTimer = setTimeout(() => {
      socket.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout');
    }, INIT_TIMEOUT_MS);
    this.#initTimer.unref();
  }

  message(text: string): void {
    let message: Message;
    try {
      assertJsonDepthWithin(text, this.#deps.maxJsonDepth);
      message = validateMessage(parseJson(text));
    } catch {
      this.#socket.close(CloseCode.BadRequest, 'Invalid message received');
      return;
    }
    switch (message.type) {
      case MessageType.ConnectionInit:
        void this.#initialise(message.payload ?? {});
        return;
      case MessageType.Ping:
        void this.#send(JSON.stringify({ type: MessageType.Pong, payload: message.payload }));
        return;
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        this.#subscribe(message);
        return;
      case MessageType.Complete:
        this.#complete(message.id);
        return;
      default:
        this.#socket.close(CloseCode.BadRequest, 'Unexpected message received');
    }
  }

  closed(): void {
    clearTimeout(this.#initTimer);
    for (const id of this.#running.keys()) this.#complete(id);
  }

  async #initialise(payload: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.#headers !== undefined) {
      this.#socket.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
      return;
    }
    const named = Object.entries(payload).flatMap(([name, value]) => {
      const header = name.toLowerCase();
      return CREDENTIALS.has(header) && typeof value === 'string' ? [[header, value]] : [];
    });
    const { authorization, 'x-api-key': apiKey, ...rest } = this.#request.headers;
    // Those of the upgrade count where the message names none: of two, one could make somebody act for the other.
    const upgraded = {
      ...(authorization === undefined ? {} : { authorization }),
      ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
    };
    const headers: IncomingHttpHeaders = { ...rest, ...(named.length > 0 ? Object.fromEntries(named) : upgraded) };
    this.#headers = headers;
    try {
      await this.#identify(openRequestScope(headers));
    } catch (error) {
      const isRefused = error instanceof LoomError && error.code === 'UNAUTHENTICATED';
      if (isRefused) this.#socket.close(CloseCode.Forbidden, 'Forbidden');
      else this.#socket.close(TRY_AGAIN_LATER, 'Try again later');
      return;
    }
    clearTimeout(this.#initTimer);
    this.#isAcknowledged = true;
    void this.#send(JSON.stringify({ type: MessageType.ConnectionAck }));
  }

  /** Who sent `connection_init`, as far as that holds now. */
  async #identify(scope: RequestScope): Promise<{ readonly identity: Identity | null; readonly request: IncomingMessage }> {
    const request = Object.create(this.#request, { headers: { value: this.#headers } }) as IncomingMessage; // the same, with these headers
    return { identity: await this.#deps.readCaller.identityOf({ request, scope }), request };
  }

  #subscribe({ id, payload }: SubscribeMessage): void {
    if (!this.#isAcknowledged) {
      this.#socket.close(CloseCode.Unauthorized, 'Unauthorized');
      return;
    }
    if (this.#running.has(id)) {
      this.#socket.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`.slice(0, 120));
      return;
    }
    const running: Running = { stream: undefined, isCompleted: false };
    this.#running.set(id, running);
    void this.#run(id, payload, running);
  }

  #complete(id: string): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    running.isCompleted = true;
    running.stream?.close();
    this.#running.delete(id);
  }

  async #run(id: string, payload: SubscribeMessage['payload'], running: Running): Promise<void> {
    const { answerOperation, readCaller, mask, report, maxOperations, logger } = this.#deps;
    // Every operation is a request of its own.
    const scope = openRequestScope({ traceparent: this.#request.headers['traceparent'] });
    let answer: EngineAnswer;
    try {
      if (this.#running.size > maxOperations) {
        throw new LoomError('SUBSCRIPTION_LIMIT_EXCEEDED', `A connection may have ${maxOperations} operations at once.`);
      }
      const parameters = readParameters(payload);
      const { identity, request } = await this.#identify(scope);
      const caller = readCaller.callerOf({ request, scope }, identity);
      answer = await answerOperation({
        parameters,
        caller,
        readOnly: false,
        acceptsIncremental: false,
        live: { transport: 'websocket' },
      });
    } catch (error) {
      answer = refusalOfError({ error, requestId: scope.requestId, mask });
    }
    try {
      await this.#answer(id, answer, running);
    } catch (error) {
      logger.error('An operation over WebSocket broke', { requestId: scope.requestId, error });
      this.#socket.close(CloseCode.InternalServerError, 'Internal server error');
    } finally {
      if (this.#running.get(id) === running) this.#running.delete(id);
      this.#reported(scope, answer.report, running.isCompleted || this.#socket.readyState !== this.#socket.OPEN, report);
    }
  }

  async #answer(id: string, answer: EngineAnswer, running: Running): Promise<void> {
    const quoted = JSON.stringify(id);
    if (answer.kind === 'live') {
      running.stream = answer.stream;
      if (running.isCompleted) answer.stream.close();
      else await this.#pump(quoted, answer.stream, running);
    } else if (running.isCompleted) return;
    else if (answer.kind === 'executed') {
      await this.#send(`{"id":${quoted},"type":"next","payload":${answer.body}}`);
      this.#end(quoted, running);
    } else if (answer.kind === 'refused') await this.#send(`{"id":${quoted},"type":"error","payload":${JSON.stringify(answer.errors)}}`);
    else throw new Error('An answer in parts was made for a connection that does not take one.');
  }

  async #pump(quoted: string, stream: LiveStream, running: Running): Promise<void> {
    const cutOff = (): void => this.#socket.terminate();
    stream.cut.addEventListener('abort', cutOff);
    try {
      for (;;) {
        const payload = await stream.next();
        if (running.isCompleted) return;
        if (payload.kind === 'event') await this.#send(`{"id":${quoted},"type":"next","payload":${payload.body}}`);
        else if (payload.kind === 'complete') return this.#end(quoted, running);
        else if (payload.kind === 'restart') return this.#socket.close(SERVICE_RESTART, 'Restart');
        else return await this.#send(`{"id":${quoted},"type":"error","payload":${JSON.stringify(payload.errors)}}`);
      }
    } finally {
      stream.cut.removeEventListener('abort', cutOff);
    }
  }

  #end(quoted: string, running: Running): void {
    if (!running.isCompleted) void this.#send(`{"id":${quoted},"type":"complete"}`);
  }

  /** Resolves when the message has gone out, or never will. */
  #send(text: string): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text, () => resolve());
      else resolve();
    });
  }

  #reported(scope: RequestScope, answer: AnswerReport, wasAborted: boolean, report: RequestReport): void {
    report({ scope, answer, method: 'WEBSOCKET', status: 101, wasAborted });
  }
}
