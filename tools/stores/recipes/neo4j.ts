/**
 * Neo4j 5.26 community with APOC core, on a class path resolved from the Java registry.
 * APOC must be resolved together with the server, else its older commons-lang3 wins, and must be in two places: on the
 * class path, where extensions are found, and in the plugins folder, where procedures are found.
 */
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyClassPath } from '../install/maven.ts';
import { CHECK_TIMEOUT_MS, type StoreContext, type StoreRecipe } from '../recipe.ts';
import { Neo4jError, neo4jQuery } from '../wire/neo4j.ts';

const NEO4J = '5.26.30';
const APOC = '5.26.19';
const INITIAL_PASSWORD = 'neo4j';
const PASSWORD = 'loomloom';

export const neo4j: StoreRecipe = {
  name: 'neo4j',
  envKey: 'NEO4J_URL',
  portNames: ['bolt', 'http'],
  startTimeoutMs: 180_000,
  stopTimeoutMs: 40_000,
  installKey: `neo4j-${NEO4J}-apoc-${APOC}`,

  async install(dir) {
    const artifacts = [
      { group: 'org.neo4j', name: 'neo4j', version: NEO4J },
      { group: 'org.neo4j.procedure', name: 'apoc-core', version: APOC },
      { group: 'org.neo4j.procedure', name: 'apoc-common', version: APOC },
    ];
    await copyClassPath(artifacts, join(dir, 'lib'));
    await mkdir(join(dir, 'plugins'));
    const apoc = (await readdir(join(dir, 'lib'))).filter((name) => name.startsWith('apoc-co'));
    for (const name of apoc) await cp(join(dir, 'lib', name), join(dir, 'plugins', name));
  },

  async prepare(context) {
    await mkdir(join(context.dir, 'conf'), { recursive: true });
    await writeFile(join(context.dir, 'conf/neo4j.conf'), renderConfig(context));
  },

  processes: ({ installDir, dir, dataDir }) => [
    {
      name: 'neo4j',
      command: 'java',
      args: [
        '-Xms64m',
        '-Xmx512m',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        '--add-opens=java.base/java.nio=ALL-UNNAMED',
        '--add-opens=java.base/java.lang=ALL-UNNAMED',
        '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
        '-Dio.netty.tryReflectionSetAccessible=true',
        '-cp',
        join(installDir, 'lib/*'),
        'org.neo4j.server.CommunityEntryPoint',
        `--home-dir=${dataDir}`,
        `--config-dir=${join(dir, 'conf')}`,
      ],
      cwd: dataDir,
    },
  ],

  async provision(context) {
    try {
      await query(context, PASSWORD, 'RETURN 1');
    } catch (error) {
      if (!(error instanceof Neo4jError) || error.code !== 'Neo.ClientError.Security.Unauthorized') throw error;
      const target = { ...httpTarget(context), database: 'system', password: INITIAL_PASSWORD };
      await neo4jQuery(target, 'ALTER CURRENT USER SET PASSWORD FROM $from TO $to', { from: INITIAL_PASSWORD, to: PASSWORD });
    }
  },

  async check(context) {
    const [row] = await query(context, PASSWORD, 'RETURN apoc.version()');
    if (!String(row?.[0]).startsWith('5.26')) throw new Error(`APOC answered ${String(row?.[0])}`);
  },

  url: (port) => `bolt://neo4j:${PASSWORD}@127.0.0.1:${port('bolt')}`,
};

function httpTarget({ port }: StoreContext) {
  return { httpPort: port('http'), user: 'neo4j', timeoutMs: CHECK_TIMEOUT_MS };
}

function query(context: StoreContext, password: string, statement: string) {
  return neo4jQuery({ ...httpTarget(context), database: 'neo4j', password }, statement);
}

function renderConfig({ installDir, logDir, port }: StoreContext): string {
  const [bolt, http] = [`127.0.0.1:${port('bolt')}`, `127.0.0.1:${port('http')}`];
  return `server.default_listen_address=127.0.0.1
server.bolt.enabled=true
server.bolt.listen_address=${bolt}
server.bolt.advertised_address=${bolt}
server.http.enabled=true
server.http.listen_address=${http}
server.http.advertised_address=${http}
server.https.enabled=false
server.directories.plugins=${join(installDir, 'plugins')}
server.directories.logs=${logDir}
server.memory.pagecache.size=64m
dbms.security.auth_enabled=true
dbms.security.auth_minimum_password_length=4
dbms.security.procedures.unrestricted=apoc.*
dbms.usage_report.enabled=false
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
`; // The last setting: a stop takes 2 s instead of 10 s.
}
