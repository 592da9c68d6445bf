/** Another process of an installation: revokes each session that is named on a line of its input, and says so. */
import { createInterface } from 'node:readline';
import { createRedisCache } from '@loomgraph/stores/cache';
import { openSharedRevocationList } from '../../src/shared-revocation-list.js';

const { REDIS_URL: url = '', PREFIX: prefix = '' } = process.env;
const list = await openSharedRevocationList({ store: createRedisCache({ url, prefix }) });
process.stdout.write('ready\n');
for await (const id of createInterface({ input: process.stdin })) {
  const now = Date.now();
  await list.revoke({ kind: 'session', id, at: new Date(now), until: new Date(now + 60_000) });
  process.stdout.write(`revoked ${id}\n`);
}
process.exit();
