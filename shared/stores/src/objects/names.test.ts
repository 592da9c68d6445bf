import { contentDisposition } from './content-disposition.js';
import { sidecarPath } from './directory-names.js';
import { decodeMetadata, encodeMetadata } from './s3-metadata.js';
import { parseS3Url } from './s3-url.js';

describe('contentDisposition', () => {
  it('gives an ASCII name and the real one', () => {
    expect(contentDisposition('简历 "v2".pdf')).toBe(
      `attachment; filename="__ _v2_.pdf"; filename*=UTF-8''%E7%AE%80%E5%8E%86%20%22v2%22.pdf`,
    );
  });

  it('lets no name end the header or leave the folder', () => {
    expect(contentDisposition('a\r\nSet-Cookie: x/../\\b')).toBe(
      `attachment; filename="a__Set-Cookie: x_..__b"; filename*=UTF-8''a__Set-Cookie%3A%20x_..__b`,
    );
  });
});

describe('sidecarPath', () => {
  it('escapes what file systems treat apart', () => {
    expect(sidecarPath('a/B c/x.json')).toBe('a+/%42%20c+/x.json.json');
    expect(sidecarPath('简')).toBe('%E7%AE%80.json');
  });

  it('cuts names that are too long', () => {
    const path = sidecarPath('简'.repeat(80));
    expect(path.split('/').every((name) => name.length <= 205)).toBe(true);
    expect(path.endsWith('.json')).toBe(true);
  });
});

describe('metadata in headers', () => {
  it('comes back as it was', () => {
    const metadata = { a: '简 历', b: ' 100% ', c: 'plain', d: '' };
    const encoded = encodeMetadata(metadata);
    for (const value of Object.values(encoded)) expect(value).toMatch(/^[\x21-\x7e]*$/);
    expect(decodeMetadata(encoded)).toEqual(metadata);
    expect(decodeMetadata({ foreign: '100%' })).toEqual({ foreign: '100%' });
  });
});

describe('parseS3Url', () => {
  it('reads endpoint, bucket, region and credentials', () => {
    expect(parseS3Url('http://key:s%2Fecret@127.0.0.1:9000/files?region=eu-1')).toEqual({
      endpoint: 'http://127.0.0.1:9000',
      bucket: 'files',
      region: 'eu-1',
      credentials: { accessKeyId: 'key', secretAccessKey: 's/ecret' },
    });
    expect(parseS3Url('https://s3.example/files')).toEqual({ endpoint: 'https://s3.example', bucket: 'files', region: 'us-east-1' });
  });

  it.each(['files', 'ftp://a/files', 'https://a/', 'https://a/b/c', 'https://a/x'])('refuses %s', (url) => {
    expect(() => parseS3Url(url)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
