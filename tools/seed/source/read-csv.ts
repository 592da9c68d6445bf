import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { CommandFailure } from '../../cli/failure.ts';
import { streamText } from './decode.ts';
import type { Source, SourceRow } from './source-row.ts';

const DELIMITERS = [',', ';', '\t'] as const;
/** As much of the file as its header may take. */
const MAX_HEADER_CHARACTERS = 65_536;
/** A content of 200,000 characters, with room for quotes and the other fields; the library's own bound is 128,000. */
const MAX_RECORD_CHARACTERS = 2_000_000;

/** CSV with a header row, RFC 4180; read as a stream, so its size does not matter. */
export async function openCsv(file: string): Promise<Source> {
  const delimiter = detectDelimiter(await readStart(file));
  return { kind: 'csv', total: undefined, rows: () => readRows(file, delimiter) };
}

async function* readRows(file: string, delimiter: string): AsyncGenerator<SourceRow> {
  const parser = parse({ delimiter, info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: MAX_RECORD_CHARACTERS });
  const input = Readable.from(streamText(file));
  input.once('error', (error) => parser.destroy(error));
  let header: readonly string[] | undefined;
  let row = 0;
  try {
    for await (const { record, info } of input.pipe(parser) as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (!header) header = readHeader(record, file);
      else yield toRow(header, record, { row: ++row, line: info.lines });
    }
  } catch (error) {
    throw error instanceof CsvError ? new CommandFailure(`${file} is not well-formed CSV: ${error.message}`, { cause: error }) : error;
  } finally {
    input.destroy();
  }
  if (!header) throw new CommandFailure(`${file} is empty: the first line must name the columns.`);
}

function toRow(header: readonly string[], cells: readonly string[], at: { row: number; line: number }): SourceRow {
  const values = Object.fromEntries(
    header.flatMap((name, index) => (name === '' || cells[index] === undefined ? [] : [[name, cells[index]]])),
  );
  if (cells.length === header.length) return { ...at, values };
  return { ...at, values, problem: `has ${cells.length} cells; the header has ${header.length}` };
}

function readHeader(cells: readonly string[], file: string): readonly string[] {
  const names = cells.map((cell) => cell.trim());
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) throw new CommandFailure(`${file}: the header has the column "${twice}" twice.`);
  return names;
}

/**
 * The delimiter of the header, where it stands between names. The library's own discovery counts every character of the first rows: one
 * column is cut in two at a letter, and texts full of colons or quotes win over commas.
 */
export function detectDelimiter(start: string): string {
  const counts = new Map<string, number>(DELIMITERS.map((delimiter) => [delimiter, 0]));
  let quoted = false;
  for (const character of start) {
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '\n' || character === '\r') break;
    else if (counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  const [best = ','] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return best;
}

async function readStart(file: string): Promise<string> {
  let start = '';
  for await (const text of streamText(file)) {
    start += text;
    if (start.length >= MAX_HEADER_CHARACTERS) break;
  }
  return start;
}
