/** Artifacts of the Java registry, fetched by `mvn` with whatever settings the machine has. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../lock.ts';
import { run } from './run.ts';

export interface MavenArtifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
}

const LOCK_TIMEOUT_MS = 20 * 60_000;
const QUIET = ['--batch-mode', '--quiet', '--no-transfer-progress'];

/** Copies one artifact's jar, without its dependencies, into `dir`; returns the path. */
export async function copyArtifact({ group, name, version }: MavenArtifact, dir: string): Promise<string> {
  await maven(['dependency:copy', `-Dartifact=${group}:${name}:${version}`, `-DoutputDirectory=${dir}`]);
  return join(dir, `${name}-${version}.jar`);
}

/** Copies the runtime class path of `artifacts`, resolved together, into `dir`. */
export async function copyClassPath(artifacts: readonly MavenArtifact[], dir: string): Promise<void> {
  const project = await mkdtemp(join(tmpdir(), 'loomgraph-stores-'));
  try {
    const pom = join(project, 'pom.xml');
    await writeFile(pom, renderPom(artifacts));
    await maven(['-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${dir}`]);
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

export function renderPom(artifacts: readonly MavenArtifact[]): string {
  const dependencies = artifacts.map(
    ({ group, name, version }) =>
      `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project><modelVersion>4.0.0</modelVersion><groupId>loomgraph</groupId><artifactId>stores</artifactId>
<version>1</version><packaging>pom</packaging><dependencies>
${dependencies.join('\n')}
</dependencies></project>
`;
}

async function maven(args: readonly string[]): Promise<void> {
  // Maven 3 does not protect its local repository against a second process that downloads the same file.
  await withLock({ name: 'maven', timeoutMs: LOCK_TIMEOUT_MS }, () => run('mvn', [...QUIET, ...args]));
}
