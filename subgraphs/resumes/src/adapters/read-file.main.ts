import { parentPort, workerData } from 'node:worker_threads';
import mammoth from 'mammoth';
import { getDocumentProxy } from 'unpdf';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import type { Page, TextItem } from '../domain/understanding/page.js';
import type { RawContent, UnreadableReason } from '../domain/understanding/understanding.js';

/**
 * Entry point of the thread that a file is taken apart in (`file-reader.ts`). It imports nothing of ours at run time, so that Node can run it from
 * its source as well.
 */
interface Job {
  readonly content: Uint8Array;
  readonly contentType: string;
}

/** What a thread answers. */
export type ThreadAnswer = { readonly content: RawContent } | { readonly unreadable: UnreadableReason; readonly message: string };

const MAX_PAGES = 100;
const MAX_ENTRIES = 2_000;
/** Of all entries of a DOCX together. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

class TooComplex extends Error {}
class Encrypted extends Error {}

async function answer({ content, contentType }: Job): Promise<ThreadAnswer> {
  try {
    if (contentType === 'application/pdf') return { content: { kind: 'pages', pages: await pagesOf(content) } };
    if (contentType.startsWith('text/')) return { content: { kind: 'lines', lines: textLines(content, contentType === 'text/markdown') } };
    return { content: { kind: 'lines', lines: await docxLines(Buffer.from(content)) } };
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (error instanceof TooComplex) return { unreadable: 'too-complex', message };
    const isEncrypted = error instanceof Encrypted || (error instanceof Error && error.name === 'PasswordException');
    return { unreadable: isEncrypted ? 'encrypted' : 'broken', message };
  }
}

async function pagesOf(content: Uint8Array): Promise<Page[]> {
  const document = await getDocumentProxy(new Uint8Array(content), { disableFontFace: true, verbosity: 0 });
  if (document.numPages > MAX_PAGES) throw new TooComplex(`${document.numPages} pages`);
  const pages: Page[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { width, height, transform } = page.getViewport({ scale: 1 });
    const { items } = await page.getTextContent();
    pages.push({ width, height, items: items.flatMap((item) => ('str' in item ? itemOf(item, transform) : [])) });
    page.cleanup();
  }
  return pages;
}

/** Puts an item where the page shows it, whichever way the page is turned. */
function itemOf(item: { str: string; transform: number[]; width: number; height: number }, viewport: number[]): TextItem[] {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = item.transform;
  const [va = 1, vb = 0, vc = 0, vd = 1, ve = 0, vf = 0] = viewport;
  const height = item.height || Math.hypot(c, d) || Math.hypot(a, b);
  if (item.str === '' || height === 0) return [];
  return [{ text: item.str, x: va * e + vc * f + ve, y: vb * e + vd * f + vf, width: item.width, height }];
}

function textLines(content: Uint8Array, isMarkdown: boolean): string[] {
  const lines = new TextDecoder().decode(content).split(/\r\n|\r|\n/);
  return isMarkdown ? lines.map(plain) : lines;
}

/** What is Markdown's own goes, what it is about stays; a table's cells come as parts of a line. */
function plain(line: string): string {
  return line
    .replace(/^\s*(?:#{1,6}\s+|>\s?|(?:[-*_]\s*){3,}$)/, '')
    .replace(/\s+#+\s*$/, '')
    .replace(/^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$/, '')
    .replace(/^\s*\||\|\s*$/g, '')
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]+)\]\((?:mailto:|tel:)?([^)\s]+)[^)]*\)/g, (_whole, label: string, target: string) =>
      target.includes(label) ? target : `${label} ${target}`,
    )
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])/g, '$1')
    .replace(/`([^`]+)`/g, '$1')
    .replace(/<\/?[a-z][^>]*>/gi, ' ');
}

/** An old Office file with a password is no ZIP, and a new one is a container that holds the encrypted one. */
const OLD_CONTAINER = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

async function docxLines(content: Buffer): Promise<string[]> {
  if (content.subarray(0, 4).equals(OLD_CONTAINER)) throw new Encrypted('An encrypted Office file.');
  await assertModest(content);
  const { value } = await mammoth.convertToHtml(
    { buffer: content },
    { convertImage: mammoth.images.imgElement(async () => ({ src: '' })), externalFileAccess: false },
  );
  return linesOfHtml(value);
}

/** Inflates every entry once, and stops at what no document has: a bomb says little of itself. */
async function assertModest(content: Buffer): Promise<void> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    fromBuffer(content, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  if (zip.entryCount > MAX_ENTRIES) throw new TooComplex(`${zip.entryCount} entries`);
  let inflated = 0;
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry: Entry) => {
      if ((entry.generalPurposeBitFlag & 1) !== 0) return reject(new Encrypted('An encrypted entry.'));
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        stream.on('data', (chunk: Buffer) => {
          inflated += chunk.length;
          if (inflated <= MAX_INFLATED_BYTES) return;
          stream.destroy();
          reject(new TooComplex(`More than ${MAX_INFLATED_BYTES} bytes inflated.`));
        });
        stream.on('error', reject);
        stream.on('end', () => zip.readEntry());
      });
    });
    zip.readEntry();
  });
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

/** Mammoth's HTML is plain: blocks, and within them text. Cells of one row stand on one line, and a column of a layout table comes as a whole. */
function linesOfHtml(html: string): string[] {
  const rows = html.replace(/<tr>(.*?)<\/tr>/gs, (_row, cells: string) => {
    const parts = [...cells.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/gs)].map(([, cell = '']) => cell);
    // A cell of several blocks is a column; one of a single block is a value of its row.
    const isLayout = parts.some((cell) => (cell.match(/<(?:p|li|h[1-6])[ >]/g)?.length ?? 0) > 1);
    return isLayout ? parts.join('\n') : `<p>${parts.map((cell) => cell.replace(/<\/?p>/g, ' ')).join('  ')}</p>`;
  });
  return rows
    .replace(/<br\s*\/?>/g, '\n')
    .replace(/<\/(?:p|li|h[1-6]|div|table|ul|ol)>/g, '\n')
    .replace(/\t/g, '  ')
    .replace(/<[^>]+>/g, '')
    .replace(/&([a-z]+|#\d+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .split('\n');
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has none
parentPort?.postMessage(await answer(workerData as Job)); // `file-reader.ts` starts no other
