/** Versity S3 Gateway over a plain folder, built from its Go module. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { installGoCommand } from '../install/go.ts';
import { CHECK_TIMEOUT_MS, type StoreContext, type StoreRecipe } from '../recipe.ts';
import { type S3Request, s3Status } from '../wire/s3.ts';

const VERSION = '1.8.0';
const ACCESS_KEY = 'loom';
const SECRET_KEY = 'loomsecret';
const REGION = 'us-east-1';
const BUCKET = 'loom';

export const s3: StoreRecipe = {
  name: 's3',
  envKey: 'S3_URL',
  portNames: ['main'],
  startTimeoutMs: 30_000,
  stopTimeoutMs: 15_000,
  installKey: `versitygw-${VERSION}`,

  install: (dir) => installGoCommand(`github.com/versity/versitygw/cmd/versitygw@v${VERSION}`, dir),

  async initialise({ dataDir }) {
    for (const name of ['objects', 'metadata', 'iam']) await mkdir(join(dataDir, name));
  },

  processes: ({ installDir, dataDir, port }) => [
    {
      name: 'versitygw',
      command: join(installDir, 'versitygw'),
      args: [
        ['--port', `127.0.0.1:${port('main')}`],
        ['--region', REGION],
        ['--iam-dir', join(dataDir, 'iam')],
        ['--quiet'],
        // Metadata beside the objects rather than in extended attributes, which not every file system has.
        ['posix', '--sidecar', join(dataDir, 'metadata'), join(dataDir, 'objects')],
      ].flat(),
      env: { ROOT_ACCESS_KEY: ACCESS_KEY, ROOT_SECRET_KEY: SECRET_KEY },
      cwd: dataDir,
    },
  ],

  async provision(context) {
    if ((await status(context, { method: 'HEAD', path: `/${BUCKET}` })) !== 404) return;
    const created = await status(context, { method: 'PUT', path: `/${BUCKET}` });
    if (created !== 200) throw new Error(`creating the bucket was answered with ${created}`);
  },

  async check(context) {
    const [listed, found] = await Promise.all([
      status(context, { method: 'GET', path: '/' }),
      status(context, { method: 'HEAD', path: `/${BUCKET}` }),
    ]);
    if (listed !== 200 || found !== 200) throw new Error(`listing buckets answered ${listed}, the bucket ${found}`);
  },

  url: (port) => `http://${ACCESS_KEY}:${SECRET_KEY}@127.0.0.1:${port('main')}/${BUCKET}?region=${REGION}`,
};

function status({ port }: StoreContext, request: S3Request): Promise<number> {
  const credentials = { region: REGION, accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY };
  return s3Status({ port: port('main'), timeoutMs: CHECK_TIMEOUT_MS, ...credentials }, request);
}
