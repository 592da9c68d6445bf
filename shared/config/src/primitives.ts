import { z } from 'zod';
import { parseMultiHostUrl } from './multi-host-url.js';
import { Secret } from './secret.js';

const MS_PER_UNIT = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const BYTES_PER_UNIT = { b: 1, kb: 1_024, mb: 1_024 ** 2, gb: 1_024 ** 3 } as const;
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

/** A span of time, `250ms`, `30s`, `5m`, `1h`, `2d` or `0`, in milliseconds. A number without a unit is refused. */
export function duration(range: { minMs?: number; maxMs?: number } = {}) {
  const { minMs = 0, maxMs = Number.MAX_SAFE_INTEGER } = range;
  return fromText(`expected a duration such as 250ms, 30s, 5m, 1h${bounds(range.minMs, range.maxMs, ' ms')}`, (text) => {
    if (text === '0') return within(0, minMs, maxMs);
    const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.toLowerCase());
    if (match === null) return undefined;
    return within(Math.round(Number(match[1]) * MS_PER_UNIT[match[2] as keyof typeof MS_PER_UNIT]), minMs, maxMs);
  });
}

/** A size, `512kb`, `10mb`, `1gb` (powers of 1,024) or a plain number of bytes, in bytes. */
export function byteSize(range: { minBytes?: number; maxBytes?: number } = {}) {
  const { minBytes = 0, maxBytes = Number.MAX_SAFE_INTEGER } = range;
  return fromText(`expected a size such as 512kb, 10mb, 1gb${bounds(range.minBytes, range.maxBytes, ' bytes')}`, (text) => {
    const match = /^(\d+(?:\.\d+)?)(b|kb|mb|gb)?$/.exec(text.toLowerCase());
    if (match === null) return undefined;
    return within(Math.round(Number(match[1]) * BYTES_PER_UNIT[(match[2] ?? 'b') as keyof typeof BYTES_PER_UNIT]), minBytes, maxBytes);
  });
}

/** A TCP port; 0 asks the system for a free one. */
export function port() {
  return fromText('expected a port number from 0 to 65535', (text) => wholeNumber(text, 0, 65_535));
}

/** A whole number. */
export function integer(range: { min?: number; max?: number } = {}) {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range;
  return fromText(`expected a whole number${bounds(range.min, range.max, '')}`, (text) => wholeNumber(text, min, max));
}

/** A share from 0 to 1: `0.25` or `25%`. */
export function ratio() {
  return fromText('expected a ratio from 0 to 1, or 0% to 100%', (text) => {
    const match = /^(\d+(?:\.\d+)?|\.\d+)(%)?$/.exec(text);
    return match === null ? undefined : within(Number(match[1]) / (match[2] === undefined ? 1 : 100), 0, 1);
  });
}

/** `true`/`false`, `1`/`0`, `yes`/`no`, `on`/`off`. */
export function flag() {
  return fromText('expected true or false', (text) => FLAGS.get(text.toLowerCase()));
}

/** Texts with commas between; blanks around them and empty ones are dropped. Its default may be the empty text. */
export function list() {
  return fromText('expected a list with commas between', (text): readonly string[] =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
}

/** Any text of at least `minLength` characters. */
export function text(options: { minLength?: number } = {}) {
  const { minLength = 1 } = options;
  const expected = minLength > 1 ? `expected a text of at least ${minLength} characters` : 'expected a text';
  return fromText(expected, (value) => (value.length >= minLength ? value : undefined));
}

/** A text that must never be printed; set `secret: true` on its setting too. */
export function secret(options: { minLength?: number } = {}) {
  const { minLength = 1 } = options;
  const expected = minLength > 1 ? `expected a secret of at least ${minLength} characters` : 'expected a secret';
  return fromText(expected, (value) => (value.length >= minLength ? new Secret(value) : undefined));
}

/**
 * A URL of one of the schemes (any, when none are named), kept as text. The authority may list several hosts,
 * as in `redis+sentinel://h1:26379,h2:26379/name`; read it with `parseMultiHostUrl`.
 */
export function url(...schemes: readonly string[]) {
  const forms = schemes.map((scheme) => `${scheme}://`);
  return fromText(`expected a URL${forms.length === 0 ? '' : ` starting with ${forms.join(' or ')}`} and a host`, (value) => {
    const parsed = parseMultiHostUrl(value);
    return parsed !== undefined && (schemes.length === 0 || schemes.includes(parsed.scheme)) ? value : undefined;
  });
}

/** A schema that reads the text of a variable; `parse` answers undefined for a text that does not fit. */
function fromText<T>(expected: string, parse: (value: string) => T | undefined) {
  return z.string({ error: expected }).transform((value, context): T => {
    const parsed = parse(value);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

function wholeNumber(value: string, min: number, max: number): number | undefined {
  return /^-?\d+$/.test(value) ? within(Number(value), min, max) : undefined;
}

function within(value: number, min: number, max: number): number | undefined {
  return value >= min && value <= max ? value : undefined;
}

function bounds(min: number | undefined, max: number | undefined, unit: string): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}${unit}`;
  if (min !== undefined) return ` of at least ${min}${unit}`;
  return max === undefined ? '' : ` of at most ${max}${unit}`;
}
