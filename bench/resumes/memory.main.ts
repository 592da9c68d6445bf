/** Takes one long PDF apart, by the way that is named, and says what the process held at most: as JSON on stdout, `MemoryReport`. */
import { peakRssMb } from '../../tools/harness/process-usage.ts';
import { missingPages } from './check-texts.ts';
import { longPdf } from './documents.ts';
import type { MemoryReport, MemoryWay } from './memory.ts';

const way = process.argv[2] as MemoryWay; // given by memory.ts
const document = longPdf(Number(process.argv[3]));
const peakMb = (): number => peakRssMb(process.pid);
const read = way === 'ours' ? await ours() : await unpdfAlone();
const before = peakMb();
const text = await read(document.content);
const report: MemoryReport = { beforeMb: before, peakMb: peakMb(), missing: missingPages(text, document) };
process.stdout.write(JSON.stringify(report));

async function ours(): Promise<(content: Uint8Array) => Promise<string>> {
  const { openUnderstand, textOf } = await import('./understand.ts');
  const understand = openUnderstand();
  return (content) => textOf(understand, { content, contentType: 'application/pdf' });
}

async function unpdfAlone(): Promise<(content: Uint8Array) => Promise<string>> {
  const { extractText } = await import('unpdf');
  return async (content) => (await extractText(Uint8Array.from(content), { mergePages: true })).text;
}
