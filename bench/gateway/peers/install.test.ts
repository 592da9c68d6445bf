import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../../../tools/report/machine.ts';
import { peerVersions } from './install.ts';

test('@apollo/gateway runs with the packages of this repository: they are the versions that a report names', () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'gateway/package.json'), 'utf8')) as { dependencies: Record<string, string> };
  for (const name of ['@apollo/gateway', '@apollo/server', 'graphql'])
    expect([name, dependencies[name]]).toEqual([name, peerVersions()[name]]);
});

test('the lockfile names no registry', () => {
  expect(readFileSync(join(import.meta.dirname, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});
