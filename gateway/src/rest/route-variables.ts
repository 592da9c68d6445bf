import { getNamedType, GraphQLBoolean, GraphQLFloat, GraphQLInt } from 'graphql';
import { MalformedRequest } from '../request/graphql-parameters.js';
import type { PlacedVariable, RouteOperation } from './route-operation.js';

type Values = Readonly<Record<string, unknown>>;

export interface RestInput {
  readonly path: Readonly<Record<string, string>>;
  /** A parameter that was given several times is an array. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** Undefined where there is none. */
  readonly body: unknown;
}

/**
 * The variables of a route's operation. What does not fit its type is left as it came: the graph says what is wrong with it.
 * @throws MalformedRequest for a name that the route does not know, or for a body that is no object
 */
export function variablesOf({ route, variableAt }: RouteOperation, { path, query, body }: RestInput): Values {
  const { variables } = route;
  const read: Record<string, unknown> = {};
  for (const [name, place] of Object.entries(variables.path ?? {})) put(read, place, path[name]);
  assertKnown(query, variables.query, 'parameter');
  for (const [name, place] of Object.entries(variables.query ?? {})) {
    if (query[name] !== undefined) put(read, place, fromText(name, query[name], variableAt(place)));
  }
  const fields = bodyOf(body, variables.body !== undefined);
  assertKnown(fields, variables.body, 'field');
  for (const [name, place] of Object.entries(variables.body ?? {})) {
    if (fields[name] !== undefined) put(read, place, fields[name]);
  }
  return read;
}

function bodyOf(body: unknown, isAsked: boolean): Values {
  if (!isAsked) return {};
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new MalformedRequest('The body must be a JSON object.');
  return body as Values;
}

function assertKnown(given: Values, known: Readonly<Record<string, string>> = {}, what: string): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  const names = Object.keys(known).join(', ');
  throw new MalformedRequest(`There is no ${what} "${unknown}" here${names === '' ? '.' : `; there are ${names}.`}`);
}

function put(into: Record<string, unknown>, place: string, value: unknown): void {
  const steps = place.split('.');
  const last = steps.pop() ?? place;
  let target = into;
  for (const step of steps) target = (target[step] ??= {}) as Record<string, unknown>; // places name objects only
  target[last] = value;
}

function fromText(name: string, text: string | readonly string[], variable: PlacedVariable | undefined): unknown {
  const one = (value: string): unknown => toType(value, variable);
  if (variable?.isList === true) return [text].flat().map(one);
  if (typeof text !== 'string') throw new MalformedRequest(`"${name}" may be given once only.`);
  return one(text);
}

function toType(text: string, variable: PlacedVariable | undefined): unknown {
  const type = variable && getNamedType(variable.type);
  if ((type === GraphQLInt || type === GraphQLFloat) && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (type === GraphQLBoolean && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
