import { answerFormOf, prefersHtml } from './answer-form.js';

const GRAPHQL = ['application/graphql-response+json; charset=utf-8', 'graphql'];
const JSON_BY_NAME = ['application/json; charset=utf-8', 'legacy'];
const JSON_BY_DEFAULT = ['application/json; charset=utf-8', 'graphql'];

describe('answerFormOf', () => {
  it.each([
    [undefined, JSON_BY_DEFAULT],
    ['*/*', JSON_BY_DEFAULT],
    ['application/*', JSON_BY_DEFAULT],
    ['text/html,application/xhtml+xml,*/*;q=0.8', JSON_BY_DEFAULT],
    ['application/json', JSON_BY_NAME],
    ['APPLICATION/JSON', JSON_BY_NAME],
    ['application/json; charset=utf-8', JSON_BY_NAME],
    ['application/json;charset="UTF-8"', JSON_BY_NAME],
    ['application/graphql-response+json', GRAPHQL],
    ['application/graphql-response+json, application/json;q=0.9', GRAPHQL],
    ['application/json, application/graphql-response+json', GRAPHQL],
    ['application/json, application/graphql-response+json;q=0.5', JSON_BY_NAME],
    ['application/json;q=0, */*', GRAPHQL],
    ['application/graphql-response+json;q=0, */*', JSON_BY_DEFAULT],
    ['application/json;q=0.1, text/html', JSON_BY_NAME],
    [', ,application/json', JSON_BY_NAME],
    ['application/json;q=nonsense, application/graphql-response+json', GRAPHQL],
    ['text/plain;note="a,b;q=0, application/json", application/graphql-response+json', GRAPHQL],
  ])('%s', (accept, expected) => {
    const form = answerFormOf(accept);
    expect([form?.contentType, form?.statusRule]).toEqual(expected);
  });

  it.each(['text/html', 'application/xml;q=0.9', 'application/json;q=0', 'application/json;charset=utf-16', 'multipart/mixed', ''])(
    'nothing to serve: "%s"',
    (accept) => expect(answerFormOf(accept)).toBeUndefined(),
  );

  it.each([
    ['multipart/mixed, application/json', 'multipart/mixed; boundary="-"'],
    ['multipart/mixed;incrementalSpec=v0.2, application/json', 'multipart/mixed; boundary="-"; incrementalSpec=v0.2'],
    ['application/json, multipart/mixed;boundary=graphql', 'multipart/mixed; boundary="-"'],
    ['multipart/mixed;deferSpec=20220824,application/graphql-response+json', undefined],
    ['multipart/mixed;subscriptionSpec=1.0,application/json', undefined],
    ['multipart/mixed;incrementalSpec=v9,application/json', undefined],
    ['multipart/mixed;q=0, application/json', undefined],
    ['*/*', undefined],
  ])('parts: %s', (accept, expected) => expect(answerFormOf(accept)?.multipart).toBe(expected));

  it('gives invented headers no place to stay', () => {
    for (let index = 0; index < 2_000; index += 1) expect(answerFormOf(`application/json;a=${index}`)?.statusRule).toBe('legacy');
  });
});

describe('prefersHtml', () => {
  it.each([
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
    ['text/html', true],
    ['application/json, text/html;q=0.9', false],
    ['text/html;q=0', false],
    ['*/*', false],
    [undefined, false],
  ])('%s: %s', (accept, expected) => expect(prefersHtml(accept)).toBe(expected));
});
