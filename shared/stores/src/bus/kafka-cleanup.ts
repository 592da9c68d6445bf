import { Admin } from '@platformatic/kafka';
import { parseKafkaUrl } from './kafka-url.js';

/** Deletes topics and groups under a prefix, for tests. */
export async function deleteKafkaNames(url: string, prefix: string): Promise<void> {
  const admin = new Admin({ ...parseKafkaUrl(url), clientId: 'cleanup' });
  try {
    const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix));
    const groups = [...(await admin.listGroups()).keys()].filter((name) => name.startsWith(prefix));
    if (groups.length > 0) await admin.deleteGroups({ groups });
    if (topics.length > 0) await admin.deleteTopics({ topics });
  } finally {
    await admin.close();
  }
}
