import type { GraphQLEnumType, GraphQLLeafType } from 'graphql';
import { IRREGULAR_DATA } from './irregular.js';

/** Shorter texts are looked through for characters to escape faster than `JSON.stringify` is called. */
const SHORT_TEXT = 24;
// oxlint-disable-next-line no-control-regex -- JSON escapes control characters
const NEEDS_ESCAPING = /["\\\u0000-\u001f\ud800-\udfff]/;
const MAX_INT = 2_147_483_647;

/** A text as JSON. */
function quote(text: string): string {
  return text.length < SHORT_TEXT && !NEEDS_ESCAPING.test(text) ? `"${text}"` : JSON.stringify(text);
}

function idText(value: unknown): string {
  if (typeof value === 'number' && Number.isInteger(value)) return `"${value}"`;
  throw IRREGULAR_DATA;
}

function intText(value: unknown): string {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MAX_INT) return String(value);
  throw IRREGULAR_DATA;
}

function floatText(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw IRREGULAR_DATA;
}

function enumText(texts: ReadonlyMap<unknown, string>, value: unknown): string {
  const text = texts.get(value);
  if (text === undefined) throw IRREGULAR_DATA;
  return text;
}

function irregular(): never {
  throw IRREGULAR_DATA;
}

/** What the expressions below call. */
export const LEAF_HELPERS = { quote, idText, intText, floatText, enumText, irregular, stringify: JSON.stringify };

export function enumTexts(type: GraphQLEnumType): ReadonlyMap<string, string> {
  return new Map(type.getValues().map(({ name }) => [name, JSON.stringify(name)]));
}

/** An expression for the JSON text of a scalar that is not null. A value of another type than the schema's is irregular. */
export function leafExpression(type: GraphQLLeafType, value: string, texts: 'escaped' | 'plain'): string {
  const quoted = texts === 'plain' ? `'"'+${value}+'"'` : `quote(${value})`;
  switch (type.name) {
    case 'String':
      return `(typeof ${value}==='string'?${quoted}:irregular())`;
    case 'ID':
      return `(typeof ${value}==='string'?${quoted}:idText(${value}))`;
    case 'Int':
      return `((${value}|0)===${value}?${value}:intText(${value}))`;
    case 'Float':
      return `floatText(${value})`;
    case 'Boolean':
      return `(${value}===true?'true':${value}===false?'false':irregular())`;
    default:
      return `stringify(${value})`;
  }
}
