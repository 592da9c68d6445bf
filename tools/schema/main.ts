/** `npm run schema -- check`: what a change of the schema means to clients; `-- manifest`: what they ask, as trusted documents. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { ensureBuilt } from '../run/build/ensure-built.ts';
import { LaunchFailure } from '../run/launch/failure.mjs';
import { ROOT } from '../run/launch/paths.mjs';
import { parseArguments, SERVED_SCHEMA, type CheckOptions, type ManifestOptions } from './args.ts';
import { checkSchema } from './check.ts';
import { SchemaFailure } from './failure.ts';
import { loadSchema, parseSchema } from './load-schema.ts';
import { renderManifest } from './manifest.ts';
import { readOperations } from './operations.ts';
import { renderReport } from './render.ts';

const BREAKING = 1;
const UNREADABLE = 2;

const invocation = parseArguments(process.argv.slice(2));
if (invocation.kind === 'exit') {
  process.exitCode = invocation.code;
} else {
  try {
    process.exitCode = invocation.kind === 'check' ? await check(invocation.options) : await manifest(invocation.options);
  } catch (error) {
    const isExpected = error instanceof SchemaFailure || error instanceof LaunchFailure;
    process.stderr.write(`schema: ${isExpected ? error.message : ((error as Error).stack ?? String(error))}\n`);
    process.exitCode = UNREADABLE;
  }
}

async function check(options: CheckOptions): Promise<number> {
  const { schema, against, headers, json, failOnDangerous } = options;
  const [before, operations] = await Promise.all([
    loadSchema({ place: against === SERVED_SCHEMA ? join(ROOT, against) : against, headers, root: ROOT }),
    options.operations === undefined ? undefined : readOperations(options.operations),
  ]);
  const after = schema === undefined ? await composeFromCode() : await loadSchema({ place: schema, headers, root: ROOT });
  const report = checkSchema({ before, after, operations });
  process.stdout.write(renderReport(report, { against }));
  if (json !== undefined) {
    await mkdir(dirname(json), { recursive: true });
    await writeFile(json, `${JSON.stringify({ against, schema: schema ?? null, ...report }, null, 2)}\n`);
  }
  return report.isBreaking || (failOnDangerous && report.isDangerous) ? BREAKING : 0;
}

async function manifest({ operations, out, format }: ManifestOptions): Promise<number> {
  const text = renderManifest(await readOperations(operations), format);
  if (out === undefined) process.stdout.write(text);
  else {
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, text);
  }
  return 0;
}

/** What `npm run generate` would write now. */
async function composeFromCode(): Promise<GraphQLSchema> {
  await ensureBuilt();
  // Loaded once the packages it imports are built.
  const { renderArtifacts } = await import('../generate/artifacts.ts');
  const artifact = (await renderArtifacts()).find(({ path }) => path === SERVED_SCHEMA);
  if (!artifact) throw new SchemaFailure(`${SERVED_SCHEMA} is not generated any more`);
  return parseSchema(artifact.content, 'the schema of the code');
}
