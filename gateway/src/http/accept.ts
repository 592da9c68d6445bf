/** One range of an `Accept` or `Accept-Encoding` header: a media range or a coding, in lower case. */
export interface AcceptedRange {
  readonly value: string;
  /** Parameters before `q`; names in lower case, values without quotes. */
  readonly parameters: ReadonlyMap<string, string>;
  /** 0 (refused) to 1. */
  readonly quality: number;
}

/** Commas and semicolons inside quotes separate nothing. */
const LIST_ITEM = /(?:[^,"]|"(?:[^"\\]|\\.)*")+/g;
const PARAMETER = /(?:[^;"]|"(?:[^"\\]|\\.)*")+/g;
const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** Reads a list of weighted ranges (RFC 9110 §12.4.2, §12.5); an item that is not well-formed is left out. */
export function parseAccepted(header: string): AcceptedRange[] {
  return (header.match(LIST_ITEM) ?? []).map(parseRange).filter((range) => range !== undefined);
}

/**
 * How welcome something is: the quality of the most specific range that covers it, undefined when none does.
 * `specificityOf` answers how closely a range fits, undefined when it does not.
 */
export function qualityOf(
  ranges: readonly AcceptedRange[],
  specificityOf: (range: AcceptedRange) => number | undefined,
): number | undefined {
  let best: { readonly specificity: number; readonly quality: number } | undefined;
  for (const range of ranges) {
    const specificity = specificityOf(range);
    if (specificity !== undefined && (best === undefined || specificity > best.specificity)) best = { specificity, quality: range.quality };
  }
  return best?.quality;
}

function parseRange(item: string): AcceptedRange | undefined {
  const [first, ...rest] = item.match(PARAMETER) ?? [];
  const value = first?.trim().toLowerCase() ?? '';
  if (value === '') return undefined;
  const parameters = new Map<string, string>();
  for (const text of rest) {
    const [name = '', ...parts] = text.split('=');
    const key = name.trim().toLowerCase();
    const content = unquoted(parts.join('=').trim());
    // Everything after `q` belongs to the header's own extensions.
    if (key === 'q') return QUALITY.test(content) ? { value, parameters, quality: Number(content) } : undefined;
    if (key !== '') parameters.set(key, content);
  }
  return { value, parameters, quality: 1 };
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text;
}
