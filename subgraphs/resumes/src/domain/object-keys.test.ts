import { idOfKey, stagingKey, versionKey } from './object-keys.js';

const version = { id: 'v1', userId: 'ann', resumeId: 'r1', fileName: '简历.pdf' };

describe('keys of the object store', () => {
  it('are resumes/{userId}/{resumeId}/{versionId}/{fileName}, in the folder of the installation', () => {
    expect(versionKey('', version)).toBe('resumes/ann/r1/v1/简历.pdf');
    expect(versionKey('prod/', version)).toBe('prod/resumes/ann/r1/v1/简历.pdf');
  });

  it('a user is one segment, whatever the issuer calls them', () => {
    for (const userId of ['..', 'a/../../b', 'https://id.example/u?1', '用户', '%2e%2e']) {
      const segments = versionKey('', { ...version, userId }).split('/');
      expect([userId, segments.length, segments.includes('..')]).toEqual([userId, 5, false]);
    }
    const keys = ['a/b', 'a%2Fb', 'a.b', 'a%2Eb'].map((userId) => versionKey('', { ...version, userId }));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('say whose they are', () => {
    expect(idOfKey('p/', versionKey('p/', version))).toBe('v1');
    expect(idOfKey('p/', stagingKey('p/', 'u1'))).toBe('u1');
    for (const key of ['p/resumes/ann/r1', 'p/other/a/b/c/d', 'resumes/ann/r1/v1/x', 'p/resume-uploads/a/b'])
      expect(idOfKey('p/', key)).toBeUndefined();
  });
});
