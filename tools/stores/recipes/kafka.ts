/** One Kafka 3.9 node that is broker and controller (KRaft), on a class path resolved from the Java registry. */
import { randomBytes } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyClassPath } from '../install/maven.ts';
import { run } from '../install/run.ts';
import { CHECK_TIMEOUT_MS, type StoreContext, type StoreRecipe } from '../recipe.ts';
import { kafkaMetadata } from '../wire/kafka.ts';

const VERSION = '3.9.1';
const SLF4J = '1.7.36';

export const kafka: StoreRecipe = {
  name: 'kafka',
  envKey: 'KAFKA_URL',
  portNames: ['main', 'controller'],
  startTimeoutMs: 120_000,
  stopTimeoutMs: 40_000,
  installKey: `kafka-${VERSION}`,

  async install(dir) {
    const artifacts = [
      { group: 'org.apache.kafka', name: 'kafka_2.13', version: VERSION },
      { group: 'org.apache.kafka', name: 'kafka-tools', version: VERSION },
      { group: 'org.slf4j', name: 'slf4j-simple', version: SLF4J },
    ];
    await copyClassPath(artifacts, dir);
    // Two logging back ends would compete; slf4j-simple needs no configuration file.
    const reload4j = (await readdir(dir)).filter((name) => name.includes('reload4j'));
    for (const name of reload4j) await rm(join(dir, name));
  },

  async initialise(context) {
    const properties = join(context.dir, 'format.properties');
    await writeFile(properties, renderProperties(context));
    const clusterId = randomBytes(16).toString('base64url');
    await run('java', java(context, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties));
    await rm(properties);
  },

  async prepare(context) {
    await writeFile(join(context.dir, 'server.properties'), renderProperties(context));
  },

  processes: (context) => [
    {
      name: 'kafka',
      command: 'java',
      args: java(context, 'kafka.Kafka', join(context.dir, 'server.properties')),
      cwd: context.dataDir,
    },
  ],

  async check({ port }) {
    const { brokers, controllerId } = await kafkaMetadata({ port: port('main'), timeoutMs: CHECK_TIMEOUT_MS });
    if (brokers.length !== 1 || controllerId < 0) {
      throw new Error(`the metadata names ${brokers.length} brokers and controller ${controllerId}`);
    }
  },

  url: (port) => `kafka://127.0.0.1:${port('main')}`,
};

function java({ installDir }: StoreContext, mainClass: string, ...args: readonly string[]): readonly string[] {
  return [
    '-Xms64m',
    '-Xmx384m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-cp',
    join(installDir, '*'),
    mainClass,
    ...args,
  ];
}

/** The broker session is short because a killed broker that comes back is let in only when its old session is over. */
function renderProperties({ dataDir, port }: StoreContext): string {
  const [main, controller] = [`127.0.0.1:${port('main')}`, `127.0.0.1:${port('controller')}`];
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${controller}
listeners=PLAINTEXT://${main},CONTROLLER://${controller}
advertised.listeners=PLAINTEXT://${main}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=${dataDir}
num.partitions=3
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=1000
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
group.initial.rebalance.delay.ms=0
`;
}
