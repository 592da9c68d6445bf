import { parseMultiHostUrl } from '@loomgraph/config';
import { Admin } from '@platformatic/kafka';

const DEFAULT_PORT = 9_092;

/** Deletes the topics and consumer groups whose name starts with `prefix`; groups that still have members stay. @returns how many topics went */
export async function deleteKafkaNames(url: string, prefix: string): Promise<number> {
  const target = parseMultiHostUrl(url);
  if (!target) throw new Error(`Not a Kafka URL: ${url}`);
  const admin = new Admin({
    clientId: 'namespace',
    bootstrapBrokers: target.hosts.map(({ host, port }) => `${host}:${port ?? DEFAULT_PORT}`),
  });
  try {
    const groups = [...(await admin.listGroups()).keys()].filter((name) => name.startsWith(prefix));
    if (groups.length > 0) await admin.deleteGroups({ groups });
    const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix));
    if (topics.length > 0) await admin.deleteTopics({ topics });
    return topics.length;
  } finally {
    await admin.close();
  }
}
