import { createHash } from 'node:crypto';
import { deflateRawSync, crc32 } from 'node:zlib';
import { comparePlanted, pdfFile, plantResume, plantedFormats, plantedLanguages, plantedLayouts } from '@loomgraph/testing';
import { createFileReader } from '../src/adapters/file-reader.js';
import { cutWords } from '../src/adapters/word-cutter.js';
import { createUnderstand } from '../src/domain/understanding/understand.js';
import { backends, caller, markdown, openResumes, type OpenResumes } from './support/open-resumes.js';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const UNDERSTANDING = `query($id: ID!) { resumeVersion(id: $id) { understanding {
  state reason text textLanguage jsonResume seniority yearsOfExperience { value }
  name { value confidence spans { start end } } email { value } phone { value } location { value } label { value }
  skills { name group confidence spans { start end } } languages { language fluency }
  work { company { value } position { value } startDate endDate } education { institution { value } degree { value } area { value } startDate endDate }
  sections { kind heading start end } } } }`;
const ann = caller('ann');

for (const backend of backends(import.meta.filename)) {
  describe(`R4 what a version says: ${backend.name}`, () => {
    let app: OpenResumes;
    let resumeId: string;
    beforeAll(async () => {
      app = await openResumes(backend, {});
      resumeId = await app.createResume(ann);
    }, 60_000);
    afterAll(() => app[Symbol.asyncDispose](), 60_000);

    const read = async (id: string) => (await app.data(UNDERSTANDING, { id }, ann)).resumeVersion.understanding;
    const uploaded = async (file: { fileName: string; mimeType: string; content: Uint8Array }) => {
      const { version } = await app.upload(ann, resumeId, file);
      expect(await read(version.id)).toMatchObject({ state: 'QUEUED', text: null, skills: [] });
      await app.settle();
      return { id: version.id as string, found: await read(version.id) };
    };

    it('is found in a PDF of two columns, each finding with the place it stands in', async () => {
      const planted = await plantResume(3, { language: 'mixed', layout: 'two-columns', format: 'pdf' });
      const { found } = await uploaded(planted);
      expect(found).toMatchObject({ state: 'DONE', reason: null, name: { value: planted.facts.name } });
      expect(comparePlanted(planted.facts, found).filter(({ isFound }) => !isFound)).toEqual([]);
      for (const skill of found.skills) expect(skill.spans.length).toBeGreaterThan(0);
      const [{ start, end }] = found.name.spans;
      expect(found.text.slice(start, end)).toBe(planted.facts.name);
      expect(found.sections.map(({ kind }: { kind: string }) => kind)).toEqual(
        expect.arrayContaining(['work', 'education', 'skills', 'languages']),
      );
      expect(found.jsonResume).toMatchObject({ basics: { name: planted.facts.name, email: planted.facts.email } });
    }, 60_000);

    it('JSON Resume comes back as it was, with fields that nobody knows', async () => {
      const given = {
        basics: { name: 'Ann Example', label: 'Senior Engineer', 'x-mood': ['\u0000', 1.5, null] },
        work: [{ name: 'Acme', position: 'Senior Engineer', startDate: '2019-03-01', endDate: '2022-03-31', 'x-badge': 7 }],
        skills: [{ name: 'Backend', keywords: ['Golang', '微服务'] }],
        meta: { z: 1, a: 2 },
      };
      const { found } = await uploaded({ fileName: 'a.json', mimeType: 'application/json', content: Buffer.from(JSON.stringify(given)) });
      expect(JSON.stringify(found.jsonResume)).toBe(JSON.stringify(given));
      expect(found.skills.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['Go', '微服务']));
      expect(found).toMatchObject({ state: 'DONE', yearsOfExperience: { value: 3.1 }, seniority: 'SENIOR' });
    });

    it('a scan needs OCR and a file with a password cannot be read: both are said, neither is tried again', async () => {
      const scan = await uploaded({ fileName: 'scan.pdf', mimeType: 'application/pdf', content: pdfFile([[], []]) });
      expect(scan.found).toMatchObject({ state: 'NEEDS_OCR', reason: null, jsonResume: null });
      const locked = await uploaded({ fileName: 'locked.pdf', mimeType: 'application/pdf', content: encryptedPdf() });
      expect(locked.found).toMatchObject({ state: 'FAILED', reason: 'ENCRYPTED' });
      const again = 'mutation($id: ID!) { understandResumeVersion(id: $id) { version { understanding { state } } } }';
      expect((await app.data(again, { id: locked.id }, ann)).understandResumeVersion.version.understanding.state).toBe('QUEUED');
      expect(await app.refusal(again, { id: locked.id }, caller('bob'))).toMatchObject({ code: 'NOT_FOUND' });
      await app.settle();
      expect((await read(locked.id)).reason).toBe('ENCRYPTED');
    }, 60_000);

    it('a version that is deleted before it was looked at leaves nothing', async () => {
      const { version } = await app.upload(ann, resumeId, markdown('# Ann'));
      await app.data('mutation($id: ID!) { deleteResumeVersion(id: $id) { deletedId } }', { id: version.id }, ann);
      await app.settle();
      expect((await app.data(UNDERSTANDING, { id: version.id }, ann)).resumeVersion).toBeNull();
    });
  });
}

describe('R4 reading files', () => {
  const understand = createUnderstand({ reader: createFileReader(), cut: cutWords, now: () => new Date('2026-01-15T00:00:00Z') });
  const look = (content: Uint8Array, contentType: string) => understand({ content, contentType }, new AbortController().signal);

  it('finds what was planted in PDF and DOCX, Chinese, English and mixed, in one column and in two', async () => {
    let planted = 0;
    const missed: string[] = [];
    for (const language of plantedLanguages)
      for (const layout of plantedLayouts)
        for (const format of plantedFormats) {
          const { facts, content, mimeType } = await plantResume(7, { language, layout, format });
          const understood = await look(content, mimeType);
          if (understood.kind !== 'done') throw new Error(`${language} ${layout} ${format}: ${understood.kind}`);
          const { contact, work, education, skills, languages } = understood.analysis;
          const compared = comparePlanted(facts, {
            ...contact,
            work: work.map(({ company, position, period: { from, to } }) => ({
              company,
              position,
              startDate: iso(from),
              endDate: to && iso(to),
            })),
            education,
            skills: skills.map(({ value }) => value),
            languages: languages.map(({ value }) => value),
          });
          planted += compared.length;
          missed.push(...compared.filter(({ isFound }) => !isFound).map(({ fact }) => `${language} ${layout} ${format}: ${fact}`));
        }
    expect(planted).toBeGreaterThan(250);
    // Named, so that a failure says what is not found any more.
    expect(missed.length / planted > 0.05 ? missed : []).toEqual([]);
  }, 120_000);

  const bomb = zip('word/document.xml', Buffer.alloc(80 * 1024 * 1024));
  const lying = zip('word/document.xml', Buffer.alloc(8 * 1024 * 1024), 1_000);
  const old = Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(512)]);
  it.each([
    ['a PDF that ends in the middle', pdfFile([[{ text: 'Ann', x: 50, top: 50, size: 12 }]]).subarray(0, 200), 'application/pdf', 'broken'],
    ['a PDF of nothing', Buffer.from('%PDF-1.7\n'), 'application/pdf', 'broken'],
    ['a PDF with a password', encryptedPdf(), 'application/pdf', 'encrypted'],
    ['a DOCX with a password', old, DOCX, 'encrypted'],
    ['a ZIP that is no DOCX', zip('a.txt', Buffer.from('a')), DOCX, 'broken'],
    ['a bomb', bomb, DOCX, 'too-complex'],
    ['a bomb that lies about its size', lying, DOCX, 'broken'],
    [
      'a JSON Resume of a whole book',
      Buffer.from(JSON.stringify({ basics: { summary: 'word '.repeat(90_000) } })),
      'application/json',
      'too-complex',
    ],
    ['JSON that is none', Buffer.from('{"basics'), 'application/json', 'broken'],
  ])(
    '%s is said to be what it is',
    async (_what, content, contentType, reason) => {
      await expect(look(content, contentType)).rejects.toMatchObject({ name: 'Unreadable', reason });
    },
    30_000,
  );

  it('one that takes too long, or whose look is called off, ends its thread', async () => {
    const signal = new AbortController().signal;
    await expect(createFileReader({ timeoutMs: 1 }).read(pdfFile([[]]), 'application/pdf', signal)).rejects.toMatchObject({
      reason: 'timeout',
    });
    const called = new AbortController();
    const reading = createFileReader().read(pdfFile([[]]), 'application/pdf', called.signal);
    called.abort(new Error('stopped'));
    await expect(reading).rejects.toThrow('stopped');
  });
});

const iso = ({ year, month }: { year: number; month: number | null }): string =>
  month === null ? String(year) : `${year}-${String(month).padStart(2, '0')}`;

/** A file that asks for a password: no password makes these keys. */
function encryptedPdf(): Buffer {
  const key = createHash('sha256').update('nobody knows').digest('hex');
  const text = pdfFile([[{ text: 'Secret', x: 50, top: 50, size: 12 }]]).toString('latin1');
  return Buffer.from(
    text.replace(
      '/Root 1 0 R>>',
      `/Root 1 0 R/ID[<${key.slice(0, 32)}><${key.slice(0, 32)}>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<${key}>/U<${key}>>>>>`,
    ),
    'latin1',
  );
}

/** A ZIP of one entry, which may say another size than it has. */
function zip(name: string, content: Buffer, saidBytes = content.length): Buffer {
  const packed = deflateRawSync(content, { level: 9 });
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(saidBytes, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, Buffer.from(name), packed]);
  const entry = Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\0', 'latin1'), common, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}
