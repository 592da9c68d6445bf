import type { ServerResponse } from 'node:http';
import { assertNever } from '@loomgraph/core';
import type { LivePayload, LiveStream } from '../execution/engine.js';
import { drained } from './drained.js';

/**
 * Server-sent events as graphql-sse frames them (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md): an event `next` for each answer,
 * `complete` at the end.
 */
export const EVENT_STREAM_TYPE = 'text/event-stream; charset=utf-8';
/** Nothing on the way may keep events or hold them back. */
export const EVENT_STREAM_HEADERS = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' } as const;

const COMPLETE = 'event: complete\ndata:\n\n';
const HEARTBEAT = ':\n\n';

/** JSON text holds no line break. */
export function nextEvent(body: string, id?: string): string {
  return `event: next\n${id === undefined ? '' : `id: ${id}\n`}data: ${body}\n\n`;
}

/** An answer that is no subscription's, as a stream of one event. */
export function singleEvent(body: string): string {
  return nextEvent(body) + COMPLETE;
}

/**
 * Writes the events of a subscription as they come, at the pace the client reads them, and a comment where there are none for a while. Resolves when
 * the response is over. The response's head must be set.
 */
export async function writeEventStream(
  response: ServerResponse,
  stream: LiveStream,
  { heartbeatMs }: { readonly heartbeatMs: number },
): Promise<void> {
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(HEARTBEAT);
  }, heartbeatMs);
  heartbeat.unref();
  // What was sent to a client that does not read is of no use to it.
  const cutOff = (): void => void response.destroy();
  const gone = (): void => stream.close();
  response.once('close', gone);
  stream.cut.addEventListener('abort', cutOff);
  try {
    // Tells the client that the stream has begun.
    response.write(HEARTBEAT);
    for (;;) {
      const payload = await stream.next();
      if (response.destroyed) return;
      const isTaken = response.write(textOf(payload));
      if (payload.kind !== 'event') {
        response.end();
        return;
      }
      if (!isTaken) await drained(response);
    }
  } finally {
    clearInterval(heartbeat);
    response.off('close', gone);
    stream.cut.removeEventListener('abort', cutOff);
  }
}

function textOf(payload: LivePayload): string {
  switch (payload.kind) {
    case 'event':
      return nextEvent(payload.body, payload.id);
    case 'complete':
      return COMPLETE;
    case 'failed':
      return nextEvent(JSON.stringify({ errors: payload.errors })) + COMPLETE;
    case 'restart':
      // Without `complete` a client takes it for a lost connection, and comes back.
      return `retry: ${payload.afterMs}\n\n`;
    default:
      return assertNever(payload);
  }
}
