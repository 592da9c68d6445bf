import type { ConfigDefinition } from './define-config.js';
import { settingsOf, type Setting } from './setting.js';

/** What the generators read of a definition, whatever its shape. */
export type AnyConfigDefinition = Pick<ConfigDefinition, 'title' | 'shape'>;

interface Section {
  /** Empty for settings that stand in no group. */
  readonly group: string;
  readonly settings: Setting[];
}

/** `.env.example`: every variable with its meaning; those with a default are commented out, required ones are left to fill in. */
export function renderEnvExample(definitions: readonly AnyConfigDefinition[]): string {
  const lines = ['# Generated from the config definitions: change those, not this file.'];
  for (const { title, sections } of distinctSections(definitions)) {
    for (const { group, settings } of sections) {
      lines.push('', `# --- ${group === '' ? title : `${title}: ${group}`} ---`);
      for (const setting of settings) lines.push(...envLines(setting));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** `docs/config.md`: a table per group of each definition. A variable that several processes read stands under the first. */
export function renderConfigDoc(definitions: readonly AnyConfigDefinition[]): string {
  const lines = [
    '<!-- Generated from the config definitions: change those, not this file. -->',
    '# Configuration',
    '',
    'All settings are environment variables. An empty variable counts as not set. A process that finds its configuration invalid',
    'lists every problem and does not start.',
  ];
  for (const { title, sections } of distinctSections(definitions)) {
    lines.push('', `## ${title}`);
    for (const { group, settings } of sections) {
      if (group !== '') lines.push('', `### ${group}`);
      lines.push('', '| key | default | unit | meaning |', '| --- | --- | --- | --- |');
      for (const setting of settings) lines.push(tableRow(setting));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The names of all variables, sorted: what a deployment may set. */
export function configKeys(definitions: readonly AnyConfigDefinition[]): string[] {
  const keys = definitions.flatMap(({ shape }) => [...settingsOf(shape)].map(({ setting }) => setting.env));
  return [...new Set(keys)].sort();
}

function distinctSections(definitions: readonly AnyConfigDefinition[]): { title: string; sections: Section[] }[] {
  const seen = new Set<string>();
  const result = [];
  for (const { title, shape } of definitions) {
    const sections: Section[] = [];
    for (const { path, setting } of settingsOf(shape)) {
      if (seen.has(setting.env)) continue;
      seen.add(setting.env);
      const group = path.slice(0, -1).join('.');
      let section = sections.find((candidate) => candidate.group === group);
      if (section === undefined) sections.push((section = { group, settings: [] }));
      section.settings.push(setting);
    }
    // Settings outside a group have no heading of their own: they come before the first.
    sections.sort((a, b) => Number(a.group !== '') - Number(b.group !== ''));
    if (sections.length > 0) result.push({ title, sections });
  }
  return result;
}

function envLines(setting: Setting): string[] {
  const notes = [setting.unit, isRequired(setting) ? 'required' : undefined, setting.secret ? 'secret' : undefined];
  const note = notes.filter((item) => item !== undefined).join(', ');
  const value = setting.secret ? '' : (setting.default ?? '');
  return [
    ...`${setting.doc}${note === '' ? '' : ` (${note})`}`.split('\n').map((line) => `# ${line}`),
    `${isRequired(setting) ? '' : '#'}${setting.env}=${value}`,
  ];
}

function tableRow(setting: Setting): string {
  const cells = [`\`${setting.env}\``, defaultCell(setting), setting.unit ?? '', `${setting.doc}${setting.secret ? ' Secret.' : ''}`];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function defaultCell(setting: Setting): string {
  if (isRequired(setting)) return '**required**';
  if (setting.default === undefined) return 'not set';
  if (setting.secret) return 'set for development';
  return setting.default === '' ? 'empty' : `\`${setting.default}\``;
}

function isRequired(setting: Setting): boolean {
  return setting.default === undefined && !setting.schema.safeParse(undefined).success;
}
