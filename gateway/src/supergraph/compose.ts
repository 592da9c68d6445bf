import { composeServices } from '@apollo/composition';
import { GraphQLError, parse, Source, type ASTNode, type DocumentNode } from 'graphql';
import { onOneLine, placesOf, problem, type CompositionProblem, type FoundError, type SourcePlace } from './problem.js';
import { shortenSatisfiabilityErrors } from './satisfiability.js';

export type { CompositionProblem, ProblemLocation } from './problem.js';

export interface SubgraphSdl {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

export type Composition =
  | {
      readonly kind: 'composed';
      readonly supergraphSdl: string;
      /** What composes and may still surprise; one line each. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'failed'; readonly problems: readonly CompositionProblem[] };

/** `HintLevel.WARN` of `@apollo/composition`, which does not export it. Those below tell of mere differences in wording. */
const WARN_LEVEL = 60;

/** Composes subgraphs into one supergraph SDL. Never throws: what does not fit is a problem with its place. */
export function composeSupergraph(subgraphs: readonly SubgraphSdl[]): Composition {
  const problems: CompositionProblem[] = [];
  const services: { name: string; url: string; typeDefs: DocumentNode }[] = [];
  for (const { name, url, sdl } of subgraphs) {
    try {
      services.push({ name, url, typeDefs: parse(new Source(sdl, name)) });
    } catch (error) {
      problems.push(syntaxProblem(name, error));
    }
  }
  if (problems.length > 0) return { kind: 'failed', problems };

  try {
    const result = composeServices(services);
    if (result.errors)
      return { kind: 'failed', problems: shortenSatisfiabilityErrors(result.errors.map(toFoundError), services).map(problem) };
    const warnings = result.hints.filter(({ definition }) => definition.level.value >= WARN_LEVEL).map(({ message }) => onOneLine(message));
    return { kind: 'composed', supergraphSdl: result.supergraphSdl, warnings };
  } catch (error) {
    // Composition asserts some of its own invariants by throwing.
    return { kind: 'failed', problems: [problem({ code: 'COMPOSITION_CRASHED', message: (error as Error).message, places: [] })] };
  }
}

function syntaxProblem(subgraph: string, error: unknown): CompositionProblem {
  const places = error instanceof GraphQLError ? placesOf(error) : [];
  return problem({ code: 'INVALID_GRAPHQL', message: `[${subgraph}] ${(error as Error).message}`, places });
}

function toFoundError(error: GraphQLError): FoundError {
  const code = typeof error.extensions['code'] === 'string' ? error.extensions['code'] : 'COMPOSITION_FAILED';
  return { code, message: error.message, places: (error.nodes ?? []).flatMap(placeOf) };
}

/** Composition marks the AST nodes of its errors with the subgraph they come from; others belong to no SDL that anybody wrote. */
function placeOf(node: ASTNode & { readonly subgraph?: string }): SourcePlace[] {
  if (!node.loc || node.subgraph === undefined) return [];
  // A definition with a description begins with that: its name is what the eye looks for.
  const at = ('description' in node && node.description && 'name' in node && node.name?.loc) || node.loc;
  return [{ source: node.loc.source, line: at.startToken.line, column: at.startToken.column }];
}
