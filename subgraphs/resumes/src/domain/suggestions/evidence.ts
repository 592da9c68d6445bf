import type { Span } from '../understanding/text.js';

export type SourceName = 'resume' | 'job';

/** A text that claims are made from. */
export interface Source<Name extends SourceName = SourceName> {
  readonly name: Name;
  readonly text: string;
}

declare const bound: unique symbol;

/** A part of a source, word for word. `evidenceIn` makes them, and nothing else does. */
export interface Quote<Name extends SourceName = SourceName> extends Span {
  readonly source: Name;
  readonly quote: string;
  readonly [bound]: true;
}

/** Where a claim comes from: one place or more. */
export type Evidence<Name extends SourceName = SourceName> = readonly [Quote<Name>, ...Quote<Name>[]];

/** A claim that points at nothing. Whoever analyses must not make it, so it is a fault, not an outcome. */
export class NoEvidence extends Error {
  constructor(source: SourceName, why: string) {
    super(`A claim about the ${source} ${why}.`);
    this.name = 'NoEvidence';
  }
}

/** So many places tell as much as all of them. */
const MAX_QUOTES = 5;
const MAX_QUOTE_LENGTH = 500;

/**
 * The parts of a source that a claim rests on: the first five, of each the first 500 characters.
 * @throws NoEvidence where there is none, or one is empty, blank or outside the text
 */
export function evidenceIn<Name extends SourceName>({ name, text }: Source<Name>, spans: readonly Span[]): Evidence<Name> {
  const [first, ...others] = spans.slice(0, MAX_QUOTES).map(({ start, end }): Quote<Name> => {
    const isInside = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end <= text.length;
    const quote = isInside ? text.slice(start, Math.min(end, start + MAX_QUOTE_LENGTH)) : '';
    if (quote.trim() === '') throw new NoEvidence(name, `points at ${start} to ${end} of ${text.length} characters`);
    return { source: name, start, end: start + quote.length, quote } as Quote<Name>; // the mark is there for the compiler alone
  });
  if (!first) throw new NoEvidence(name, 'points at no place');
  return [first, ...others];
}
