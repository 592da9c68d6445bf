import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { peerVersions } from './install.ts';

test('the lockfile names no registry, and the version that a report names', () => {
  const text = readFileSync(join(import.meta.dirname, 'package-lock.json'), 'utf8');
  expect(text).not.toContain('"resolved"');
  const { packages } = JSON.parse(text) as { packages: Record<string, { version?: string }> };
  for (const [name, version] of Object.entries(peerVersions())) expect(packages[`node_modules/${name}`]?.version).toBe(version);
});
