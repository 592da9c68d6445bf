/**
 * What the generated functions of this folder are made with. Generated code reads its inputs only through property accesses and
 * literals made here, so no text of a client can become code.
 */

/** A JavaScript literal of any JSON value. U+2028 and U+2029 end lines in some parsers of generated code. */
export function literal(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`);
}

/** `.name`, or `["name"]` where the name is no plain identifier. */
export function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? `.${name}` : `[${literal(name)}]`;
}

/**
 * Evaluates a function's source with the named helpers in scope. The one place where code is made from text: generic code that
 * interprets the operation for every object measured three times the CPU of the function specialised to it.
 */
export function evaluate<F>(source: string, helpers: Readonly<Record<string, unknown>>): F {
  const names = Object.keys(helpers);
  // oxlint-disable-next-line typescript/no-implied-eval -- see above
  const factory = new Function(...names, `'use strict';return ${source};`);
  return factory(...names.map((name) => helpers[name])) as F; // the caller wrote the source and knows its type
}
