import type { AbuseCase } from '../drill/abuse/abuse-case.ts';
import { renderAbuseDoc } from './abuse-doc.ts';

const abuseCase = (name: string, from: readonly string[], more: Partial<AbuseCase> = {}): AbuseCase => ({
  name,
  from,
  tries: `a ${name} | with <markup>`,
  attack: async () => undefined,
  control: async () => undefined,
  ...more,
});

describe('renderAbuseDoc', () => {
  it('lists cases by topic and by source', () => {
    const doc = renderAbuseDoc({ tokens: [abuseCase('one', ['CVE-2', 'CVE-10'])], other: [abuseCase('two', ['CVE-2'], { on: 'apart' })] });
    expect(doc).toContain('The 2 cases');
    expect(doc).toContain('## Tokens\n\n| case | tries |\n| --- | --- |\n| `one` | a one \\| with &lt;markup> |');
    expect(doc).toContain('| `two` | a two \\| with &lt;markup> (with subgraphs in processes of their own) |');
    expect(doc).toContain('| CVE-2 | `one`, `two` |\n| CVE-10 | `one` |');
  });
});
