/** A part of a resume's text: where it begins and where it ends, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A line with its place in the text. */
export interface Line extends Span {
  readonly text: string;
}

/** The text of a resume: lines joined by line feeds, none empty, in one form (NFKC keeps full-width digits from hiding dates). */
export function toText(lines: readonly string[]): string {
  return lines
    .map((line) =>
      line
        .normalize('NFKC')
        // oxlint-disable-next-line no-control-regex -- they are what is looked for
        .replace(/[\u0000-\u0008\u000b-\u001f\u007f\u200b\ufeff]/g, '')
        .replace(/[\t\u00a0]/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '')
    .join('\n');
}

export function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    if (line !== '') lines.push({ text: line, start, end: start + line.length });
    start += line.length + 1;
  }
  return lines;
}

/** Something that was found, how sure that is (0 to 1), and where it stands. */
export interface Found<T> {
  readonly value: T;
  readonly confidence: number;
  readonly spans: readonly Span[];
}

export const found = <T>(value: T, confidence: number, ...spans: readonly Span[]): Found<T> => ({ value, confidence, spans });
