import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const chart = join(root, 'helm/loomgraph');
const read = (path: string): string => readFileSync(path, 'utf8');

/** Every variable of the config definitions: `.env.example` is generated from them, and `npm run check` sees that it is current. */
const known = new Set(Array.from(read(join(root, '.env.example')).matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm), ([, key]) => key));

interface Values {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
  readonly gateway?: { readonly config?: Readonly<Record<string, unknown>> };
  readonly subgraphs?: Readonly<Record<string, { readonly config?: Readonly<Record<string, unknown>> }>>;
}

function keysOf({ config, secrets, gateway, subgraphs = {} }: Values): readonly string[] {
  const groups = [config, secrets, gateway?.config, ...Object.values(subgraphs).map((subgraph) => subgraph.config)];
  return groups.flatMap((group) => Object.keys(group ?? {}));
}

describe('the Helm chart sets variables that exist', () => {
  it.each(['values.yaml', ...globSync('ci/*-values.yaml', { cwd: chart })])('%s', (file) => {
    expect(keysOf(parse(read(join(chart, file))) as Values).filter((key) => !known.has(key))).toEqual([]);
  });

  it('in the examples of values.yaml', () => {
    const examples = Array.from(read(join(chart, 'values.yaml')).matchAll(/^# {2}([A-Z][A-Z0-9_]*):/gm), ([, key]) => key);
    expect(examples).not.toEqual([]);
    expect(examples.filter((key) => !known.has(key))).toEqual([]);
  });

  it('in the templates', () => {
    const templates = globSync('templates/*', { cwd: chart }).map((file) => read(join(chart, file)));
    const set = templates.flatMap((text) =>
      Array.from(text.matchAll(/"?name"?:? "?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"?[, ]/g), ([, key]) => key),
    );
    const asked = templates.flatMap((text) => Array.from(text.matchAll(/(?:secrets|config)\.([A-Z][A-Z0-9_]*)/g), ([, key]) => key));
    expect(set).toEqual(expect.arrayContaining(['HOST', 'PORT', 'INSTANCE', 'LOOM_DATA_DIR', 'SUBGRAPH_TEMPLATES_URL']));
    expect([...set, ...asked].filter((key) => !known.has(key))).toEqual([]);
  });
});
