import { printSourceLocation, type GraphQLError, type Source } from 'graphql';
import { hintFor } from './composition-hints.js';

/** Where in which subgraph's SDL a problem shows; 1-based. */
export interface ProblemLocation {
  readonly subgraph: string;
  readonly line: number;
  readonly column: number;
}

export interface CompositionProblem {
  /** Apollo's composition code (`FIELD_TYPE_MISMATCH`...), `INVALID_GRAPHQL`, `INVALID_SUPERGRAPH`, or `SUPERGRAPH_REJECTED`. */
  readonly code: string;
  readonly message: string;
  readonly locations: readonly ProblemLocation[];
  /** The SDL at the first few locations, several lines each, with a caret. */
  readonly excerpts: readonly string[];
  /** How such a problem is usually mended. */
  readonly hint?: string;
  /** All but the excerpts and the hint, on one line, as it is logged. */
  readonly text: string;
}

/** A place in an SDL whose text is at hand; the name of its source is the subgraph's. */
export interface SourcePlace {
  readonly source: Source;
  readonly line: number;
  readonly column: number;
}

/** What is wrong, before it is made readable. */
export interface FoundError {
  readonly code: string;
  readonly message: string;
  readonly places: readonly SourcePlace[];
}

const EXCERPTS_PER_PROBLEM = 3;

export function problem({ code, message, places }: FoundError): CompositionProblem {
  const locations = places.map(({ source, line, column }) => ({ subgraph: source.name, line, column }));
  const listed = locations.map(({ subgraph, line, column }) => `${subgraph} ${line}:${column}`);
  const hint = hintFor(code);
  return {
    code,
    message,
    locations,
    excerpts: places.slice(0, EXCERPTS_PER_PROBLEM).map(({ source, line, column }) => printSourceLocation(source, { line, column })),
    ...(hint === undefined ? {} : { hint }),
    text: `${code}: ${onOneLine(message)}${listed.length > 0 ? ` (${listed.join(', ')})` : ''}`,
  };
}

/** The places graphql itself gives an error. */
export function placesOf({ source, locations }: GraphQLError): SourcePlace[] {
  return source && locations ? locations.map((location) => ({ source, ...location })) : [];
}

export function onOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
