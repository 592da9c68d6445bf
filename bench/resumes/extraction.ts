import type { PlantedResume } from '@loomgraph/testing';
import mammoth from 'mammoth';
import { extractText } from 'unpdf';
import { percentile } from '../../tools/report/percentile.ts';
import { missingFacts, missingPages } from './check-texts.ts';
import { longPdf, onePageResumes } from './documents.ts';
import { timeInTurns, type Measured } from './measured.ts';
import { openUnderstand, textOf } from './understand.ts';

const LONG_PAGES = 50;

/** From a file's bytes to its findings, in a thread of its own as the subgraph does it, beside the library alone in this thread. */
export async function measureExtraction({
  seed,
  documents,
  rounds,
}: {
  seed: number;
  documents: number;
  rounds: number;
}): Promise<Measured> {
  const understand = openUnderstand();
  const pdfs = await onePageResumes('pdf', seed, documents);
  const docxs = await onePageResumes('docx', seed, documents);
  const long = longPdf(LONG_PAGES);
  const longFile = { content: long.content, contentType: 'application/pdf' };

  const ours = (files: readonly PlantedResume[]) => async () => {
    for (const { content, mimeType } of files) await textOf(understand, { content, contentType: mimeType });
  };
  // It takes the bytes for itself.
  const pdfText = async (content: Uint8Array): Promise<string> => (await extractText(Uint8Array.from(content), { mergePages: true })).text;

  const failures: string[] = [];
  for (const planted of [...pdfs, ...docxs]) {
    const missing = missingFacts(await textOf(understand, { content: planted.content, contentType: planted.mimeType }), planted);
    if (missing.length > 0) failures.push(`${planted.fileName}: the text lacks ${missing.join(', ')}`);
  }
  const missing = missingPages(await textOf(understand, longFile), long);
  if (missing.length > 0) failures.push(`the text of ${LONG_PAGES} pages lacks ${missing.slice(0, 3).join(', ')}, or has it out of order`);
  for (const { content } of pdfs)
    if ((await pdfText(content)).trim() === '') failures.push('unpdf alone found no text: there is nothing to compare with');
  if (failures.length > 0) return { figures: [], notes: [], failures };

  const times = await timeInTurns(
    {
      pdf: ours(pdfs),
      pdfAlone: async () => {
        for (const { content } of pdfs) await pdfText(content);
      },
      docx: ours(docxs),
      docxAlone: async () => {
        for (const { content } of docxs) await mammoth.extractRawText({ buffer: Buffer.from(content) });
      },
      long: () => textOf(understand, longFile),
      longAlone: () => pdfText(long.content),
    },
    rounds,
  );
  const median = (name: keyof typeof times, parts: number): number => percentile(times[name], 0.5) / parts;
  const value = {
    pdf: median('pdf', documents),
    pdfAlone: median('pdfAlone', documents),
    docx: median('docx', documents),
    docxAlone: median('docxAlone', documents),
    long: median('long', LONG_PAGES),
    longAlone: median('longAlone', LONG_PAGES),
  };
  return {
    figures: [
      {
        name: 'extract.msPerPage',
        value: value.pdf,
        meaning: `a PDF of one page, from bytes to findings; median of ${rounds} rounds of ${documents}`,
      },
      { name: 'extract.unpdfMsPerPage', value: value.pdfAlone, meaning: 'the same files, text alone, by unpdf in the same process' },
      {
        name: 'extract.pdfRatio',
        value: value.pdf / value.pdfAlone,
        meaning: 'the first by the second: what thread, order, sections and findings cost',
      },
      { name: 'extract.longMsPerPage', value: value.long, meaning: `a page of a PDF of ${LONG_PAGES} full pages, from bytes to findings` },
      { name: 'extract.longRatio', value: value.long / value.longAlone, meaning: 'by unpdf alone on the same file' },
      {
        name: 'extract.docxMs',
        value: value.docx,
        meaning: `a DOCX of one page, from bytes to findings; median of ${rounds} rounds of ${documents}`,
      },
      { name: 'extract.mammothMs', value: value.docxAlone, meaning: 'the same files, text alone, by mammoth in the same process' },
      { name: 'extract.docxRatio', value: value.docx / value.docxAlone, meaning: 'the first by the second' },
    ],
    notes: ['every file gets a thread of its own, which is started for it: most of what a short file takes'],
    failures: [],
  };
}
