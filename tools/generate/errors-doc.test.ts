import { renderErrorsDoc } from './errors-doc.ts';

const base = { status: 503, retryable: true, since: '0.1.0' } as const;

describe('docs/errors.md', () => {
  it('keeps what clients see and what they do not apart', () => {
    const doc = renderErrorsDoc({
      STORE_CORRUPT: { ...base, exposure: 'internal', retryable: false, description: 'A store holds something odd.' },
      STORE_UNAVAILABLE: { ...base, exposure: 'client', description: 'A | store is down.' },
    });
    expect(doc.indexOf('STORE_UNAVAILABLE')).toBeLessThan(doc.indexOf('## Internal'));
    expect(doc.indexOf('STORE_CORRUPT')).toBeGreaterThan(doc.indexOf('## Internal'));
    expect(doc).toContain('| `STORE_UNAVAILABLE` | 503 | yes | A \\| store is down. | 0.1.0 |');
  });
});
