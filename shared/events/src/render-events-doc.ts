import { z } from 'zod';
import { eventCatalogue } from './catalogue.js';
import { topicOf, type EventDefinition } from './define-event.js';

/** What the generator reads of a JSON Schema property. */
interface Property {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** `docs/events.md`: every event with its topic, key and payload. */
export function renderEventsDoc(): string {
  const lines = [
    '<!-- Generated from the event catalogue: change that, not this file. -->',
    '# Events',
    '',
    'Facts that subgraphs tell each other over the bus. They arrive at least once and in order for each key; a consumer applies each',
    '`eventId` once. The body of a message is the payload as JSON; the headers are `type`, `version`, `occurredAt` (ISO 8601),',
    '`syncToken` (of the transaction: who reads a projection because of the event waits for it) and, inside a trace, `traceparent`. A consumer upgrades older versions, parks newer ones until it knows them, and ignores fields it does not know.',
  ];
  for (const definition of Object.values(eventCatalogue)) lines.push('', ...eventLines(definition));
  return `${lines.join('\n')}\n`;
}

function eventLines(definition: Omit<EventDefinition, 'key'>): string[] {
  const { type, version, doc, keyDoc, schema } = definition;
  const { properties = {}, required = [] } = z.toJSONSchema(schema) as { properties?: Record<string, Property>; required?: string[] };
  return [
    `## ${type}, version ${version}`,
    '',
    `${doc} Topic \`${topicOf(type)}\`, key \`${keyDoc}\`.`,
    '',
    '| field | type | meaning |',
    '| --- | --- | --- |',
    ...Object.entries(properties).map(
      ([name, property]) =>
        `| \`${name}\` | ${typeText(property)}${required.includes(name) ? '' : ', optional'} | ${property.description ?? ''} |`,
    ),
  ];
}

function typeText({ type = 'any', format, minimum, maximum }: Property): string {
  if (format !== undefined) return `${type} (${format})`;
  const from = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const to = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  return `${type}${from === undefined ? '' : ` from ${from}`}${to === undefined ? '' : ` to ${to}`}`;
}
