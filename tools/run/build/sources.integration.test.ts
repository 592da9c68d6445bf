import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprintSources, hasOutput } from './sources.ts';

describe('sources of the build', () => {
  let root: string;
  const write = (path: string, text = ''): void => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'loomgraph-sources-'));
    write('tsconfig.json', JSON.stringify({ references: [{ path: 'shared/core' }] }));
    for (const path of ['tsconfig.base.json', 'package-lock.json', 'shared/core/package.json', 'shared/core/src/a.ts']) write(path);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('have the same fingerprint until one is written, added or removed', () => {
    const before = fingerprintSources(root);
    expect(fingerprintSources(root)).toBe(before);
    utimesSync(join(root, 'shared/core/src/a.ts'), new Date(0), new Date(0));
    const written = fingerprintSources(root);
    expect(written).not.toBe(before);
    write('shared/core/src/deep/b.ts');
    const added = fingerprintSources(root);
    expect(added).not.toBe(written);
    rmSync(join(root, 'shared/core/src/deep/b.ts'));
    expect(fingerprintSources(root)).toBe(written);
  });

  it('do not hold what the build writes', () => {
    const before = fingerprintSources(root);
    write('shared/core/dist/a.js');
    expect(fingerprintSources(root)).toBe(before);
  });

  it('are built when every workspace has its record', () => {
    expect(hasOutput(root)).toBe(false);
    write('shared/core/dist/.tsbuildinfo');
    expect(hasOutput(root)).toBe(true);
  });
});
