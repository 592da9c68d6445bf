/**
 * How values leave the database, the same for both drivers and whatever parsers the shared PGlite instance was opened with:
 * `bigint` as number (revisions and counts stay below 2^53), dates and intervals as text. By type OID, `select oid, typname from pg_type`.
 */
export const valueParsers: Readonly<Record<number, (text: string) => unknown>> = {
  20: Number,
  ...Object.fromEntries([1082, 1083, 1114, 1184, 1186, 1266].map((oid) => [oid, (text: string): string => text])),
};

/**
 * Text that PostgreSQL can hold: U+0000 and lone surrogates, which text extracted from files does contain, become U+FFFD.
 * Both are legal in a JavaScript string and refused by `text` and `json`.
 */
export function storableText(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

const identifierPattern = /^[A-Za-z_][A-Za-z0-9_]{0,50}$/;

/** Whether a name can be a table, column, label or property: letters, digits, underscore; at most 51, so a prefix fits into PostgreSQL's 63. */
export function isIdentifier(name: string): boolean {
  return identifierPattern.test(name);
}

/** Quotes a name for SQL. It must be an identifier by `isIdentifier`; anything else is a mistake of the caller's code. */
export function quoted(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new TypeError(`Not an identifier: ${name}`);
  return `"${name}"`;
}
