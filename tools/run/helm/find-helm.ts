import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { loadStoresConfig } from '../../stores/config.ts';
import { ensureInstalled, isInstalled } from '../../stores/install/cache.ts';
import { installGoCommand } from '../../stores/install/go.ts';
import { runStep } from '../launch/steps.mjs';

const VERSION = '3.22.0';
const KEY = `helm-${VERSION}`;

/** Path of helm 3: that of this machine, or one built from its Go module into the folder that the stores are installed in. */
export async function findHelm(): Promise<string> {
  if (ownVersion()?.startsWith('v3.')) return 'helm';
  const { cacheDir } = loadStoresConfig();
  const install = (): Promise<string> =>
    ensureInstalled({
      cacheDir,
      key: KEY,
      build: (dir) => installGoCommand(`helm.sh/helm/v3/cmd/helm@v${VERSION}`, dir),
      onWait: () => process.stderr.write('  waiting for another installation\n'),
    });
  const dir = isInstalled(cacheDir, KEY) ? join(cacheDir, KEY) : await runStep(`Building helm ${VERSION} (go install)`, install);
  return join(dir, 'helm');
}

function ownVersion(): string | undefined {
  try {
    return execFileSync('helm', ['version', '--template', '{{.Version}}'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined; // not installed
  }
}
