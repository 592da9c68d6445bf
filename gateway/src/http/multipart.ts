import type { ServerResponse } from 'node:http';
import { drained } from './drained.js';

/**
 * The framing of an answer in parts (graphql-over-http, rfcs/IncrementalDelivery.md), boundary `-`. A client knows a part to be whole
 * when it reads the boundary after it: each is therefore sent together with the boundary that ends it.
 */
const BOUNDARY = '\r\n---';
const PART_HEAD = '\r\nContent-Type: application/json; charset=utf-8\r\n\r\n';
const END = '--\r\n';

/**
 * Writes the parts as they come, at the pace the client reads them. When the client goes away the iteration is ended at once.
 * The response's head must be set. @throws what the iteration throws; the response is cut off then, so that no client takes it for whole
 */
export async function writeParts(response: ServerResponse, parts: AsyncIterable<string>): Promise<void> {
  const iterator = parts[Symbol.asyncIterator]();
  const stop = (): void => void iterator.return?.().catch(() => undefined);
  response.once('close', stop);
  try {
    let opening = BOUNDARY;
    for (let next = await iterator.next(); next.done !== true && !response.destroyed; next = await iterator.next()) {
      const isTaken = response.write(opening + PART_HEAD + next.value + BOUNDARY);
      opening = '';
      if (!isTaken) await drained(response);
    }
    if (!response.destroyed) response.end(opening + END);
  } catch (error) {
    response.destroy();
    throw error;
  } finally {
    response.off('close', stop);
  }
}
