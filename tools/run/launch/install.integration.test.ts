import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled } from './install.mjs';

const lock = {
  '': { name: 'root' },
  'shared/core': { version: '0.1.0' },
  'node_modules/@x/core': { link: true },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/of-another-platform': { version: '1.0.0', optional: true },
};

describe('isInstalled', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'loomgraph-install-'));
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: lock }));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const record = (packages: object): void => writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));

  it('is false without the record that npm writes last', () => {
    expect(isInstalled(root)).toBe(false);
  });

  it('is true when every package of this platform is there', () => {
    record({ 'node_modules/@x/core': { link: true }, 'node_modules/a': { version: '1.0.0' } });
    expect(isInstalled(root)).toBe(true);
  });

  it('is false when a package is absent, or of another version', () => {
    record({ 'node_modules/@x/core': { link: true } });
    expect(isInstalled(root)).toBe(false);
    record({ 'node_modules/@x/core': { link: true }, 'node_modules/a': { version: '1.0.1' } });
    expect(isInstalled(root)).toBe(false);
  });

  it('is false when a workspace was added', () => {
    record({ 'node_modules/a': { version: '1.0.0' } });
    expect(isInstalled(root)).toBe(false);
  });
});
