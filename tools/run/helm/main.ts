/** `npm run helm`: lints the chart and renders it with its own values and with each file of `helm/loomgraph/ci`. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { LaunchFailure } from '../launch/failure.mjs';
import { ROOT } from '../launch/paths.mjs';
import { runCommand } from '../launch/run-command.mjs';
import { runProgram } from '../run-program.ts';
import { findHelm } from './find-helm.ts';

const CHART = join(ROOT, 'helm/loomgraph');
/** What is rendered for; a helm that was not built by its project's own release takes itself for that of an old cluster. */
const KUBERNETES = ['--kube-version', '1.31.0'];

await runProgram(async () => {
  const helm = await findHelm();
  const variants = [undefined, ...globSync('ci/*-values.yaml', { cwd: CHART }).sort()];
  for (const values of variants) {
    const options = [...KUBERNETES, ...(values === undefined ? [] : ['--values', join(CHART, values)])];
    await runCommand(helm, ['lint', '--strict', CHART, ...options]);
    const rendered = await runCommand(helm, ['template', 'example', CHART, ...options]);
    process.stdout.write(`${values ?? 'values.yaml'}: ${describe(rendered)}\n`);
  }
});

/** Names of what was rendered; throws when a document is no object of Kubernetes, or two have the same name. */
function describe(rendered: string): string {
  const seen = new Set<string>();
  const kinds: string[] = [];
  for (const document of parseAllDocuments(rendered, { uniqueKeys: true })) {
    if (document.errors.length > 0) throw new LaunchFailure(`The chart renders invalid YAML: ${document.errors.join('\n')}`);
    const object = document.toJS() as { apiVersion?: string; kind?: string; metadata?: { name?: string } } | null;
    if (object === null) continue;
    const { apiVersion, kind, metadata } = object;
    if (!apiVersion || !kind || !metadata?.name) throw new LaunchFailure(`The chart renders what is no object:\n${String(document)}`);
    const name = `${kind}/${metadata.name}`;
    if (seen.has(name)) throw new LaunchFailure(`The chart renders ${name} twice`);
    seen.add(name);
    kinds.push(kind);
  }
  const counted = [...new Set(kinds)].sort().map((kind) => `${kinds.filter((other) => other === kind).length} ${kind}`);
  return counted.join(', ');
}
