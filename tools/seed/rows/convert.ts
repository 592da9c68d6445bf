import { CommandFailure } from '../../cli/failure.ts';
import type { FieldKind } from './template-row.ts';

/** A value that cannot be read as what its field takes: the row is rejected. */
export class ValueProblem extends CommandFailure {}

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);
const LIST_SEPARATOR = ',';

const readers: Readonly<Record<FieldKind, (text: string) => unknown>> = {
  text: (text) => text,
  list: (text) => splitText(text, LIST_SEPARATOR),
  number: toNumber,
  boolean: toBoolean,
  json: toJson,
};

/** Reads a text as a field of the kind. @throws ValueProblem */
export const convertText = (text: string, kind: FieldKind): unknown => readers[kind](text);

/** Parts without blanks around them; empty ones are dropped. */
export function splitText(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function toNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new ValueProblem(`"${shorten(text)}" is not a number`);
  return number;
}

function toBoolean(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (TRUE.has(word)) return true;
  if (FALSE.has(word)) return false;
  throw new ValueProblem(`"${shorten(text)}" is neither true nor false`);
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ValueProblem(`"${shorten(text)}" is not JSON`);
  }
}

const MAX_SHOWN = 40;
const shorten = (text: string): string => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
