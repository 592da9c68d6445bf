import { duplicateHeader } from './duplicate-headers.js';

describe('duplicateHeader', () => {
  it.each([
    ['none', [], undefined],
    ['each once', ['Host', 'a', 'Authorization', 'b', 'Content-Type', 'c', 'Accept', 'd'], undefined],
    ['a header that may stand twice', ['Accept', 'a', 'Accept', 'b', 'X-Forwarded-For', 'c', 'X-Forwarded-For', 'd'], undefined],
    ['two tokens', ['Authorization', 'Bearer a', 'Host', 'x', 'authorization', 'Bearer b'], 'authorization'],
    ['two types', ['Content-Type', 'application/json', 'CONTENT-TYPE', 'text/plain'], 'content-type'],
    ['two hosts', ['Host', 'a', 'host', 'b'], 'host'],
    ['two keys', ['x-api-key', 'a', 'X-API-Key', 'b'], 'x-api-key'],
    ['a name within another', ['Content-Type', 'a', 'x-content-type', 'b'], undefined],
  ])('%s', (_title, rawHeaders, expected) => {
    expect(duplicateHeader({ rawHeaders })).toBe(expected);
  });
});
