export type ByteRange = { readonly start: number; readonly end: number };

/**
 * The range a `Range` header asks of a body, https://www.rfc-editor.org/rfc/rfc9110#name-range. `undefined` means the whole body (no header, another unit,
 * several ranges: all may be ignored), 'unsatisfiable' is status 416.
 */
export function parseByteRange(header: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first, last] = parts ?? [];
  if (!parts || (!first && !last)) return undefined;
  if (!first) {
    const length = Math.min(Number(last), sizeBytes);
    return length > 0 ? { start: sizeBytes - length, end: sizeBytes - 1 } : 'unsatisfiable';
  }
  const start = Number(first);
  const end = Math.min(last ? Number(last) : Infinity, sizeBytes - 1);
  if (last && Number(last) < start) return undefined;
  return start < sizeBytes ? { start, end } : 'unsatisfiable';
}
