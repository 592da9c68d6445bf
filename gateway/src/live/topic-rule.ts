import { LoomError } from '@loomgraph/core';
import { getNamedType, isObjectType, Kind, type GraphQLSchema, type ValueNode } from 'graphql';

export const TOPIC_DIRECTIVE = 'subscriptionTopic';

/** One `name: path` of the directive: a name of the schema, and where the payload of an event holds its value. */
export interface PayloadPath {
  readonly name: string;
  readonly path: readonly string[];
}

/**
 * How a subscription field maps to a topic of the bus: what `@subscriptionTopic` says of it. Its subgraph holds no connection: it is asked for
 * the entity an event names, once for each event.
 */
export interface TopicRule {
  readonly field: string;
  readonly topic: string;
  /** Types of events; undefined: all of the topic. */
  readonly types: ReadonlySet<string> | undefined;
  /** The type of the field. */
  readonly entity: string;
  /** Fields of a key of the entity. */
  readonly key: readonly PayloadPath[];
  /** An argument that is given must equal, or hold, the value. */
  readonly filter: readonly PayloadPath[];
}

/** Undefined for a field that says nothing of a topic. @throws LoomError CONFIG_INVALID with what is wrong with what it says */
export function topicRuleOf(supergraph: GraphQLSchema, field: string): TopicRule | undefined {
  const definition = supergraph.getSubscriptionType()?.getFields()[field];
  const directive = definition?.astNode?.directives?.find(({ name }) => name.value === TOPIC_DIRECTIVE);
  if (definition === undefined || directive === undefined) return undefined;
  const invalid = (what: string): LoomError => new LoomError('CONFIG_INVALID', `@${TOPIC_DIRECTIVE} of Subscription.${field}: ${what}`);
  const texts = (name: string): readonly string[] | undefined => {
    const value = directive.arguments?.find((one) => one.name.value === name)?.value;
    return value === undefined ? undefined : textsOf(value);
  };
  const pathsOf = (name: string): readonly PayloadPath[] =>
    (texts(name) ?? []).map((text) => {
      const match = /^\s*(\w+)\s*:\s*([\w-]+(?:\.[\w-]+)*)\s*$/.exec(text);
      if (match === null) throw invalid(`"${text}" in "${name}" is not of the form "name: path.in.payload".`);
      return { name: match[1]!, path: match[2]!.split('.') };
    });

  const [topic] = texts('topic') ?? [];
  if (topic === undefined || topic === '') throw invalid('"topic" names no topic.');
  const type = getNamedType(definition.type);
  if (!isObjectType(type)) throw invalid(`its type must be an entity; ${type.name} is no object.`);
  const key = pathsOf('key');
  if (key.length === 0) throw invalid('"key" names no field of the entity.');
  const unknown = key.find(({ name }) => type.getFields()[name] === undefined);
  if (unknown !== undefined) throw invalid(`${type.name} has no field "${unknown.name}".`);
  const filter = pathsOf('filter');
  const stray = filter.find(({ name }) => !definition.args.some((argument) => argument.name === name));
  if (stray !== undefined) throw invalid(`the field has no argument "${stray.name}".`);
  const types = texts('types');
  return { field, topic, types: types === undefined ? undefined : new Set(types), entity: type.name, key, filter };
}

/** Whether an event passes the arguments of a subscription. */
export function passesFilter({ filter }: TopicRule, payload: unknown, given: Readonly<Record<string, unknown>>): boolean {
  return filter.every(({ name, path }) => {
    const wanted = given[name];
    if (wanted === undefined || wanted === null) return true;
    const value = valueAt(payload, path);
    return Array.isArray(wanted) ? wanted.some((one) => isEqual(one, value)) : isEqual(wanted, value);
  });
}

/** The entity that an event names; undefined where the payload lacks a field of its key. */
export function representationOf({ entity, key }: TopicRule, payload: unknown): Readonly<Record<string, unknown>> | undefined {
  const representation: Record<string, unknown> = { __typename: entity };
  for (const { name, path } of key) {
    const value = valueAt(payload, path);
    if (value === undefined || value === null) return undefined;
    representation[name] = value;
  }
  return representation;
}

function textsOf(value: ValueNode): readonly string[] {
  if (value.kind === Kind.STRING) return [value.value];
  return value.kind === Kind.LIST ? value.values.flatMap(textsOf) : [];
}

function valueAt(payload: unknown, path: readonly string[]): unknown {
  let value = payload;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name]; // any own property
  }
  return value;
}

/** Ids are texts in GraphQL, whatever they are in an event. */
function isEqual(wanted: unknown, value: unknown): boolean {
  if (wanted === value) return true;
  return (typeof value === 'string' || typeof value === 'number') && typeof wanted === 'string' && String(value) === wanted;
}
