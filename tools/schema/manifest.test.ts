import { createHash } from 'node:crypto';
import { parse } from 'graphql';
import { renderManifest } from './manifest.ts';
import type { RecordedOperation } from './operations.ts';

const operation = (name: string, text: string): RecordedOperation => ({ name, text, document: parse(text), count: 1 });
const idOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const [A, B] = ['query A {\n  a\n}', 'mutation B { b }'];

describe('renderManifest', () => {
  it("writes Apollo's format, every text once, in an order that never changes", () => {
    const written = renderManifest([operation('A', A), operation('B', B), operation('A', A)], 'apollo');
    const expected = [
      { id: idOf(A), name: 'A', type: 'query', body: A },
      { id: idOf(B), name: 'B', type: 'mutation', body: B },
    ].sort((one, other) => (one.id < other.id ? -1 : 1));
    expect(JSON.parse(written)).toEqual({ format: 'apollo-persisted-query-manifest', version: 1, operations: expected });
    expect(renderManifest([operation('B', B), operation('A', A)], 'apollo')).toBe(written);
  });

  it('writes texts by id', () => {
    expect(JSON.parse(renderManifest([operation('A', A)], 'texts'))).toEqual({ [idOf(A)]: A });
  });
});
