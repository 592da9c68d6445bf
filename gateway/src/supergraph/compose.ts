import { composeServices } from '@apollo/composition';
import { GraphQLError, parse, type ASTNode, type DocumentNode } from 'graphql';

export interface SubgraphSdl {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** Where in which subgraph's SDL a problem shows; 1-based. */
export interface ProblemLocation {
  readonly subgraph: string;
  readonly line: number;
  readonly column: number;
}

export interface CompositionProblem {
  /** Apollo's composition code (`FIELD_TYPE_MISMATCH`...), `INVALID_GRAPHQL`, or `SUPERGRAPH_REJECTED`. */
  readonly code: string;
  readonly message: string;
  readonly locations: readonly ProblemLocation[];
  /** All of it on one line, as it is logged. */
  readonly text: string;
}

export type Composition =
  | { readonly kind: 'composed'; readonly supergraphSdl: string }
  | { readonly kind: 'failed'; readonly problems: readonly CompositionProblem[] };

/** Composes subgraphs into one supergraph SDL. Never throws: what does not fit is a problem with its place. */
export function composeSupergraph(subgraphs: readonly SubgraphSdl[]): Composition {
  const problems: CompositionProblem[] = [];
  const services: { name: string; url: string; typeDefs: DocumentNode }[] = [];
  for (const { name, url, sdl } of subgraphs) {
    try {
      services.push({ name, url, typeDefs: parse(sdl) });
    } catch (error) {
      problems.push(syntaxProblem(name, error));
    }
  }
  if (problems.length > 0) return { kind: 'failed', problems };

  try {
    const result = composeServices(services);
    if (result.errors) return { kind: 'failed', problems: result.errors.map(toProblem) };
    return { kind: 'composed', supergraphSdl: result.supergraphSdl };
  } catch (error) {
    // Composition asserts some of its own invariants by throwing.
    return { kind: 'failed', problems: [problem('COMPOSITION_CRASHED', (error as Error).message, [])] };
  }
}

export function problem(code: string, message: string, locations: readonly ProblemLocation[]): CompositionProblem {
  const places = locations.map(({ subgraph, line, column }) => `${subgraph} ${line}:${column}`);
  const text = `${code}: ${message.replaceAll(/\s*\n\s*/g, ' ')}${places.length > 0 ? ` (${places.join(', ')})` : ''}`;
  return { code, message, locations, text };
}

function syntaxProblem(subgraph: string, error: unknown): CompositionProblem {
  const locations = error instanceof GraphQLError ? (error.locations ?? []).map((place) => ({ subgraph, ...place })) : [];
  return problem('INVALID_GRAPHQL', `[${subgraph}] ${(error as Error).message}`, locations);
}

function toProblem(error: GraphQLError): CompositionProblem {
  const code = typeof error.extensions['code'] === 'string' ? error.extensions['code'] : 'COMPOSITION_FAILED';
  return problem(code, error.message, (error.nodes ?? []).flatMap(locationOf));
}

/** Composition marks the AST nodes of its errors with the subgraph they come from. */
function locationOf(node: ASTNode & { readonly subgraph?: string }): ProblemLocation[] {
  const token = node.loc?.startToken;
  if (!token || node.subgraph === undefined) return [];
  return [{ subgraph: node.subgraph, line: token.line, column: token.column }];
}
