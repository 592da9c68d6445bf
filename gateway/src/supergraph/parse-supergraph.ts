import { GraphQLError, Kind, parse, Source, type ASTNode, type ConstDirectiveNode, type DocumentNode } from 'graphql';
// graphql offers the rules of an SDL from its root, and what runs them only from here.
import { validateSDL } from 'graphql/validation/validate.js';
import { placesOf, problem, type CompositionProblem, type FoundError } from './problem.js';

/** A subgraph as a supergraph names it. */
export interface RoutedSubgraph {
  readonly name: string;
  /** As written; may be empty or no HTTP address. */
  readonly url: string;
}

export type ParsedSupergraph =
  | { readonly kind: 'parsed'; readonly subgraphs: readonly RoutedSubgraph[] }
  | { readonly kind: 'failed'; readonly problems: readonly CompositionProblem[] };

/**
 * Reads which subgraphs a supergraph has (`enum join__Graph`, with `@join__graph(name:, url:)` on its values).
 * Never throws: SDL that is broken, or is no supergraph, is a problem with its place.
 * @param place names the text in problems: a file or URL
 */
export function parseSupergraph(sdl: string, place: string): ParsedSupergraph {
  const source = new Source(sdl, place);
  let document: DocumentNode;
  try {
    document = parse(source);
  } catch (error) {
    return failed([syntaxError(error)]);
  }
  const errors = validateSDL(document);
  if (errors.length > 0)
    return failed(errors.map((error) => ({ code: 'INVALID_SUPERGRAPH', message: error.message, places: placesOf(error) })));

  const graphs = document.definitions.find(
    (definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph',
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) {
    const message =
      'This is no supergraph: it has no "enum join__Graph". A subgraph or an API schema cannot be served alone; compose it first';
    return failed([{ code: 'INVALID_SUPERGRAPH', message, places: [] }]);
  }
  const subgraphs: RoutedSubgraph[] = [];
  const unnamed: FoundError[] = [];
  for (const value of graphs.values ?? []) {
    const graph = value.directives?.find(({ name }) => name.value === 'join__graph');
    const name = graph && textArgument(graph, 'name');
    if (name === undefined) unnamed.push(unnamedGraph(value.name.value, value, source));
    else subgraphs.push({ name, url: (graph && textArgument(graph, 'url')) ?? '' });
  }
  return unnamed.length > 0 ? failed(unnamed) : { kind: 'parsed', subgraphs };
}

function failed(errors: readonly FoundError[]): ParsedSupergraph {
  return { kind: 'failed', problems: errors.map(problem) };
}

function syntaxError(error: unknown): FoundError {
  return {
    code: 'INVALID_GRAPHQL',
    message: error instanceof Error ? error.message : String(error),
    places: error instanceof GraphQLError ? placesOf(error) : [],
  };
}

function unnamedGraph(graph: string, node: ASTNode, source: Source): FoundError {
  const { startToken } = node.loc!; // parsed with locations
  const message = `The value ${graph} of join__Graph has no @join__graph(name:, url:)`;
  return { code: 'INVALID_SUPERGRAPH', message, places: [{ source, line: startToken.line, column: startToken.column }] };
}

function textArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
