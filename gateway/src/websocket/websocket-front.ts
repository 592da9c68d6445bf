import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Cors } from '../http/cors.js';
import { SERVICE_RESTART, TRY_AGAIN_LATER } from './close-codes.js';
import { Connection, type ConnectionDeps } from './connection.js';

export interface WebSocketFrontDeps extends ConnectionDeps {
  /** Of one message. */
  readonly maxBodyBytes: number;
  /** How often a connection is asked whether it is alive; one that does not answer until the next time is ended. */
  readonly heartbeatMs: number;
  /** Of this process. */
  readonly maxConnections: number;
  /** Undefined: pages of other sites open no connection. */
  readonly cors?: Cors | undefined;
}

/** GraphQL over WebSocket, by the protocol graphql-transport-ws, for connections that are upgraded at `/graphql`. */
export interface WebSocketFront extends AsyncDisposable {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Asks every client to come back; connections that stay nevertheless end with `close`. */
  restart(): void;
}

const refusal = (status: string): string => `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`;

export function createWebSocketFront(deps: WebSocketFrontDeps): WebSocketFront {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    maxPayload: deps.maxBodyBytes,
    handleProtocols: () => GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });
  const alive = new WeakSet<WebSocket>();
  let isRestarting = false;

  const take = (socket: WebSocket, request: IncomingMessage): void => {
    // Ends the connection, and says why to its other end.
    socket.on('error', (error) => deps.logger.debug('A WebSocket failed', { error }));
    if (isRestarting) {
      socket.close(SERVICE_RESTART, 'Restart');
      return;
    }
    if (server.clients.size > deps.maxConnections) {
      socket.close(TRY_AGAIN_LATER, 'Too many connections');
      return;
    }
    alive.add(socket);
    socket.on('pong', () => alive.add(socket));
    const connection = new Connection(socket, request, deps);
    // What `ws` hands out unless it is told otherwise.
    socket.on('message', (data) => connection.message((data as Buffer).toString()));
    socket.on('close', () => connection.closed());
  };

  const heartbeat = setInterval(() => {
    for (const socket of server.clients) {
      if (alive.delete(socket)) socket.ping();
      else socket.terminate();
    }
  }, deps.heartbeatMs);
  heartbeat.unref();

  return {
    upgrade(request, socket, head) {
      // Nothing is switched for who may not, or speaks another protocol.
      if (!isSameSite(request, deps.cors)) socket.end(refusal('403 Forbidden'));
      else if (!offersProtocol(request)) socket.end(refusal('400 Bad Request'));
      else server.handleUpgrade(request, socket, head, take);
    },
    restart() {
      isRestarting = true;
      for (const socket of server.clients) socket.close(SERVICE_RESTART, 'Restart');
    },
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat);
      this.restart();
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

function offersProtocol({ headers }: IncomingMessage): boolean {
  const offered = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
  return offered?.includes(GRAPHQL_TRANSPORT_WS_PROTOCOL) === true;
}

/** Browsers let any page open a WebSocket: what keeps those of other sites away is this. Others than browsers send no origin. */
function isSameSite(request: IncomingMessage, cors: Cors | undefined): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (URL.canParse(origin) && new URL(origin).host === host) return true;
  return cors?.headersOf(request).includes('access-control-allow-origin') === true;
}
