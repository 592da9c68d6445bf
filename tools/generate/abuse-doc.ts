import type { AbuseCase } from '../drill/abuse/abuse-case.ts';

/** `docs/abuse-cases.md`: the corpus of the drill by topic, then by what each case comes from. */
export function renderAbuseDoc(topics: Readonly<Record<string, readonly AbuseCase[]>>): string {
  const cases = Object.values(topics).flat();
  return [
    '<!-- Generated from the corpus (tools/drill/abuse/cases): change that, not this file. -->',
    '# Hostile requests',
    '',
    `The ${cases.length} cases of \`npm run drill -- abuse\`: what each tries, and what counts as refused. \`--only NAME\` sends one alone. With each the`,
    'legitimate form of the same request is sent, which has to pass. What they prove is in [security.md](security.md).',
    '',
    ...Object.entries(topics).flatMap(([topic, ofTopic]) => [
      `## ${topic[0]?.toUpperCase()}${topic.slice(1)}`,
      '',
      '| case | tries |',
      '| --- | --- |',
      ...ofTopic.map(
        ({ name, tries, on }) =>
          `| \`${name}\` | ${escaped(tries)}${on === 'apart' ? ' (with subgraphs in processes of their own)' : ''} |`,
      ),
      '',
    ]),
    '## By source',
    '',
    'Advisories, weaknesses, rules and pages, and the cases that come from them. Not all of them were found in this product: most were found in others.',
    '',
    '| source | cases |',
    '| --- | --- |',
    ...bySource(cases).map(([source, names]) => `| ${escaped(source)} | ${names.map((name) => `\`${name}\``).join(', ')} |`),
    '',
  ].join('\n');
}

function bySource(cases: readonly AbuseCase[]): readonly (readonly [source: string, names: readonly string[]])[] {
  const sources = new Map<string, string[]>();
  for (const { name, from } of cases) {
    for (const source of from) sources.set(source, [...(sources.get(source) ?? []), name]);
  }
  return [...sources].toSorted(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }));
}

const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
