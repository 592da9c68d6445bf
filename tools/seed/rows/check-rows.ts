import type { SourceRow } from '../source/source-row.ts';
import type { RowMapper } from './map-row.ts';
import { checkTemplateRow, type TemplateRow } from './template-row.ts';

/** A row that fits, with its place in the file. */
export interface GoodRow {
  readonly row: number;
  readonly template: TemplateRow;
}

export interface Reject {
  readonly row: number;
  readonly line?: number;
  /** Its slug, or else its name; empty where it has neither. */
  readonly key: string;
  readonly problems: readonly string[];
}

/** Hands out the rows that fit; the others go to `onReject`. */
export async function* checkRows(
  rows: AsyncIterable<SourceRow>,
  options: { mapper: RowMapper; onRow: () => void; onReject: (reject: Reject) => void },
): AsyncGenerator<GoodRow> {
  const rowOfSlug = new Map<string, number>();
  for await (const source of rows) {
    options.onRow();
    const { fields, problems } = options.mapper.map(source);
    const { row, line } = source;
    const reject = (reasons: readonly string[]): void =>
      options.onReject({ row, ...(line === undefined ? {} : { line }), key: keyOf(fields), problems: reasons });
    if (source.problem !== undefined) {
      reject([source.problem]);
      continue;
    }
    const checked = checkTemplateRow(fields);
    if (checked.kind === 'rejected' || problems.length > 0) {
      // A value that could not be read is not missing as well.
      const unread = new Set(problems.map((problem) => problem.slice(0, problem.indexOf(':'))));
      reject([
        ...problems,
        ...(checked.kind === 'rejected' ? checked.problems.filter((problem) => !unread.has(problem.split(' ', 1)[0] ?? '')) : []),
      ]);
      continue;
    }
    const first = rowOfSlug.get(checked.row.slug);
    if (first !== undefined) {
      reject([`slug is that of row ${first}, too`]);
      continue;
    }
    rowOfSlug.set(checked.row.slug, row);
    yield { row, template: checked.row };
  }
}

const keyOf = ({ slug, name }: { slug?: unknown; name?: unknown }): string =>
  [slug, name].find((value): value is string => typeof value === 'string') ?? '';
