import { contentEncodingOf } from './content-encoding.js';

describe('contentEncodingOf', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['identity', 'identity'],
    ['br', 'identity'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['gzip, deflate, br, zstd', 'gzip'],
    ['deflate', 'deflate'],
    ['deflate;q=0.8, gzip;q=0.5', 'deflate'],
    ['gzip;q=0', 'identity'],
    ['gzip;q=0, *', 'deflate'],
    ['*', 'gzip'],
    ['gzip;q=0.5, identity', 'identity'],
  ])('%s: %s', (header, expected) => expect(contentEncodingOf(header)).toBe(expected));
});
