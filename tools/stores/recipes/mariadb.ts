/** MariaDB 10.11 from Debian. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debLibraryPath, unpackDebs } from '../install/apt.ts';
import { run } from '../install/run.ts';
import { CHECK_TIMEOUT_MS, type StoreContext, type StoreRecipe } from '../recipe.ts';
import { mysqlExecute } from '../wire/mysql.ts';

const PASSWORD = 'loom';

// Run at every start, before the first connection is accepted. `localhost` and `127.0.0.1` are separate accounts.
const INIT_SQL = `ALTER USER 'root'@'localhost' IDENTIFIED BY '${PASSWORD}';
CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';
ALTER USER 'root'@'127.0.0.1' IDENTIFIED BY '${PASSWORD}';
GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
`;

export const mariadb: StoreRecipe = {
  name: 'mariadb',
  envKey: 'MARIADB_URL',
  portNames: ['main'],
  users: ['mysql', 'nobody'],
  startTimeoutMs: 90_000,
  stopTimeoutMs: 30_000,
  installKey: 'mariadb-10.11',

  install: (dir) => unpackDebs(['mariadb-server-core', 'mariadb-client-core'], dir),

  async initialise(context) {
    const { installDir, dataDir, user } = context;
    const { args, env } = server(context);
    const ids = user && { uid: user.uid, gid: user.gid };
    await run(
      'sh', // The script, and so its `#!` line, comes from the package.
      [
        join(installDir, 'usr/bin/mariadb-install-db'),
        ...args,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        '--skip-name-resolve',
      ],
      { env, cwd: dataDir, ...ids },
    );
  },

  async prepare({ dir }) {
    await writeFile(join(dir, 'init.sql'), INIT_SQL, { mode: 0o644 });
  },

  processes(context) {
    const { args, env } = server(context);
    return [
      {
        name: 'mariadbd',
        command: join(context.installDir, 'usr/sbin/mariadbd'),
        args: [
          ...args,
          `--port=${context.port('main')}`,
          '--bind-address=127.0.0.1',
          '--socket=', // TCP only: a socket's path is limited to 107 bytes, a clone's is not.
          `--pid-file=${join(context.dataDir, 'mariadbd.pid')}`,
          '--skip-name-resolve',
          '--max-connections=300',
          '--innodb-buffer-pool-size=32M',
          '--aria-pagecache-buffer-size=8M',
          '--key-buffer-size=8M',
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

  url: (port) => `mariadb://root:${PASSWORD}@127.0.0.1:${port('main')}`,
};

function server({ installDir, dataDir }: StoreContext) {
  return {
    args: [
      '--no-defaults',
      `--basedir=${join(installDir, 'usr')}`,
      `--datadir=${dataDir}`,
      `--lc-messages-dir=${join(installDir, 'usr/share/mysql')}`,
      `--character-sets-dir=${join(installDir, 'usr/share/mysql/charsets')}`,
      `--plugin-dir=${join(installDir, 'usr/lib/mysql/plugin')}`,
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_unicode_ci',
    ],
    env: { LD_LIBRARY_PATH: debLibraryPath(installDir) },
  };
}
