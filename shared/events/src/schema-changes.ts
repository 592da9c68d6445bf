import { z } from 'zod';
import type { EventDefinition } from './define-event.js';

/** A payload's schema as JSON Schema, without the texts: what is recorded for each version. */
export type PayloadSchema = Readonly<Record<string, unknown>>;

/** The schema that messages of this version are checked against; texts do not count, nor how a library spells the pattern of a format. */
export function payloadSchema({ schema }: Pick<EventDefinition, 'schema'>): PayloadSchema {
  return withoutTexts(z.toJSONSchema(schema)) as PayloadSchema; // an object in, an object out
}

/**
 * What makes two schemas of one version different to somebody who knows the recorded one. An added optional field is nothing: it is ignored by
 * those who do not know it. Everything else, a wider range too, is: a consumer may count on what was promised.
 * @returns one line for each, with the path of the field; none when the version may stay
 */
export function breakingChanges(recorded: PayloadSchema, current: PayloadSchema): string[] {
  return compare(recorded, current, 'payload');
}

function compare(recorded: unknown, current: unknown, path: string): string[] {
  if (!isRecord(recorded) || !isRecord(current)) return isEqual(recorded, current) ? [] : [`${path}: ${show(recorded)} → ${show(current)}`];
  const isObject = isRecord(recorded['properties']) && isRecord(current['properties']);
  const keys = new Set([...Object.keys(recorded), ...Object.keys(current)]);
  return [...keys].flatMap((key) => {
    const [was, is] = [recorded[key], current[key]];
    if (isObject && key === 'properties') return compareProperties(was, is, path);
    return key === 'items' ? compare(was, is, `${path}[]`) : compare(was, is, `${path} ${key}`);
  });
}

function compareProperties(recorded: unknown, current: unknown, path: string): string[] {
  const [was, is] = [recorded as PayloadSchema, current as PayloadSchema]; // looked at by the caller
  return Object.keys(was).flatMap((name) => (name in is ? compare(was[name], is[name], `${path}.${name}`) : [`${path}.${name}: is gone`]));
}

function withoutTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([key, inner]) => !isText(key, inner) && !(key === 'pattern' && 'format' in value));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutTexts(inner)]));
}

function isText(key: string, value: unknown): boolean {
  return typeof value === 'string' && (key === 'description' || key === '$schema');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEqual(left: unknown, right: unknown): boolean {
  return show(left) === show(right);
}

function show(value: unknown): string {
  return (
    JSON.stringify(Array.isArray(value) ? value.toSorted((left, right) => String(left).localeCompare(String(right))) : value) ?? 'nothing'
  );
}
