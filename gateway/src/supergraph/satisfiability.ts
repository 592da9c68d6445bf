import type { DocumentNode } from 'graphql';
import type { FoundError, SourcePlace } from './problem.js';

const CODE = 'SATISFIABILITY_ERROR';
const MESSAGE =
  /^The following supergraph API (?<operation>\w+):\n(?<example>[^]*?)\ncannot be satisfied by the subgraphs because:\n(?<reasons>[^]*)$/;
const SHOWN_REASONS = 6;
const NAMED_PATHS = 3;

interface Unreachable {
  readonly operation: string;
  /** `topProducts > rating` */
  readonly path: string;
  readonly reasons: readonly string[];
}

/**
 * Makes one short error of all that one missing key causes. Composition gives each unreachable field an error of its own, with a query of one
 * field a line and every way that was tried: one mistake in a real graph fills hundreds of lines.
 */
export function shortenSatisfiabilityErrors(
  errors: readonly FoundError[],
  subgraphs: readonly { readonly name: string; readonly typeDefs: DocumentNode }[],
): readonly FoundError[] {
  const shortened: FoundError[] = [];
  const groups = new Map<string, Unreachable[]>();
  for (const error of errors) {
    const unreachable = error.code === CODE ? read(error.message) : undefined;
    if (unreachable === undefined) {
      shortened.push(error);
      continue;
    }
    const cause = causeOf(unreachable);
    const group = groups.get(cause);
    if (group) group.push(unreachable);
    else groups.set(cause, [unreachable]);
  }
  for (const group of groups.values()) {
    shortened.push({ code: CODE, message: describe(group), places: placesOf(group[0]!, subgraphs) });
  }
  return shortened;
}

function read(message: string): Unreachable | undefined {
  const groups = MESSAGE.exec(message)?.groups;
  if (!groups) return undefined;
  const names = groups['example']!.split('\n').map((line) => line.replace(/\{\s*$/, '').trim());
  return {
    operation: groups['operation']!,
    path: names.filter((name) => name !== '' && name !== '}' && name !== '...').join(' > '),
    reasons: groups['reasons']!.split('\n').map((line) => line.replace(/^\s*- /, '').trim()),
  };
}

/** The same for fields of one type that cannot be reached for the same reason. */
function causeOf({ reasons }: Unreachable): string {
  return reasons.map((reason) => reason.replaceAll(/field "(\w+)\.\w+/g, 'field "$1')).join('\n');
}

function describe(group: readonly Unreachable[]): string {
  const [first, ...others] = group;
  const { operation, path, reasons } = first!;
  const shown = reasons.slice(0, SHOWN_REASONS).map((reason) => reason.replace(/\.$/, ''));
  const hidden = reasons.length - shown.length;
  const named = others.slice(0, NAMED_PATHS).map((other) => other.path);
  const also = others.length === 0 ? '' : `; the same holds for ${named.join(', ')}`;
  const more = others.length > named.length ? ` and ${others.length - named.length} more` : '';
  return `no subgraph can answer the ${operation} ${path}: ${shown.join('; ').replaceAll(':;', ':')}${hidden > 0 ? `; ${hidden} more reasons` : ''}${also}${more}`;
}

/** Where the fields are that cannot be moved to. Composition gives these errors no place at all. */
function placesOf({ reasons }: Unreachable, subgraphs: readonly { name: string; typeDefs: DocumentNode }[]): SourcePlace[] {
  const places = new Map<string, SourcePlace>();
  for (const reason of reasons) {
    const [, subgraph, type, field] = /subgraph "([^"]+)", which has field "(\w+)\.(\w+)/.exec(reason) ?? [];
    const found = subgraphs.find(({ name }) => name === subgraph);
    const place = found && type !== undefined && field !== undefined ? findField(found.typeDefs, type, field) : undefined;
    if (place) places.set(`${subgraph}.${type}.${field}`, place);
  }
  return [...places.values()];
}

function findField(document: DocumentNode, type: string, field: string): SourcePlace | undefined {
  for (const definition of document.definitions) {
    if (!('fields' in definition) || definition.name.value !== type) continue;
    const found = definition.fields?.find(({ name }) => name.value === field)?.name.loc;
    if (found) return { source: found.source, line: found.startToken.line, column: found.startToken.column };
  }
  return undefined;
}
