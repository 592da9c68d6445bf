import { readSyncHeaders, syncHeaders, type SyncRequest } from '@loomgraph/core';
import type { IncomingHttpHeaders } from 'node:http';

/** What the headers of a request say about reading one's own writes. @throws LoomError INVALID_SYNC_TOKEN, BAD_USER_INPUT */
export function syncOf(headers: IncomingHttpHeaders): SyncRequest | undefined {
  if (headers[syncHeaders.token] === undefined) return undefined;
  return readSyncHeaders((name) => headers[name]?.toString());
}
