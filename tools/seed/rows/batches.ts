import type { GoodRow, Reject } from './check-rows.ts';

/** What JSON takes around the rows, and the operation's text. */
const ENVELOPE_BYTES = 1_024;

/** Rows of one request: at most `size` of them, and no more than fit into a body of `maxBytes`. The same rows are always cut in the same way. */
export async function* toBatches(
  rows: AsyncIterable<GoodRow>,
  options: { size: number; maxBytes: number; onReject: (reject: Reject) => void },
): AsyncGenerator<readonly GoodRow[]> {
  const room = options.maxBytes - ENVELOPE_BYTES;
  let batch: GoodRow[] = [];
  let bytes = 0;
  for await (const good of rows) {
    const rowBytes = Buffer.byteLength(JSON.stringify(good.template)) + 1;
    if (rowBytes > room) {
      const { row, template } = good;
      options.onReject({
        row,
        key: template.slug,
        problems: [`takes ${rowBytes} bytes; requests of ${options.maxBytes} are accepted (BODY_LIMIT)`],
      });
      continue;
    }
    if (batch.length >= options.size || bytes + rowBytes > room) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(good);
    bytes += rowBytes;
  }
  if (batch.length > 0) yield batch;
}
