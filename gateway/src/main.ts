import { runUntilSignal } from '@loomgraph/subgraph-kit/run-until-signal';
import { readArguments } from './process/arguments.js';

const invocation = readArguments(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd());
if (invocation.kind === 'print') {
  (invocation.exitCode === 0 ? process.stdout : process.stderr).write(invocation.text);
  process.exitCode = invocation.exitCode;
} else {
  await runUntilSignal('loomgraph', async (resources) => {
    const env = { ...process.env, ...invocation.settings };
    // Each loads only what it serves with: stores, ORM and subgraphs take longer to import than a supergraph to serve.
    if (env['SUPERGRAPH']?.trim()) {
      const { serveSupergraph } = await import('./process/serve-supergraph.js');
      await serveSupergraph(resources, env);
    } else {
      const { serveProduct } = await import('./process/serve-product.js');
      await serveProduct(resources, env);
    }
  });
}
