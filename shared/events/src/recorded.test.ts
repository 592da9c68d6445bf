import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { eventCatalogue } from './catalogue.js';
import { createEventCodec, encodeEvent, type EventMessage } from './codec.js';
import { renderRecordedSchemas, schemaPath } from './recorded-schemas.js';
import { storeRenamed } from './renamed.fixture.js';
import { breakingChanges, payloadSchema } from './schema-changes.js';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path: string): string | undefined => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : undefined);
const recordedEvents = (event: string, version: number): readonly EventMessage[] =>
  JSON.parse(read(`${event}.v${version}.json`) ?? 'null') as readonly EventMessage[];
const versionsUpTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('recorded events', () => {
  for (const definition of Object.values(eventCatalogue)) {
    it.each(versionsUpTo(definition.version))(`${definition.type} v%i, as it was once published, is understood`, (version) => {
      const codec = createEventCodec(eventCatalogue);
      for (const message of recordedEvents(`recorded/${definition.type}`, version)) {
        expect(message.headers).toMatchObject({ type: definition.type, version: String(version) });
        const event = codec.decode(message);
        expect(event.version).toBe(definition.version);
        expect(encodeEvent(event).key).toBe(message.key);
      }
    });
  }

  it('belong to an event of the catalogue', () => {
    const files = readdirSync(at('recorded'), { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.json'));
    const types = files.map((file) => file.replace(/^generated./, '').replace(/\.v\d+\.json$/, ''));
    expect(Object.keys(eventCatalogue)).toEqual(expect.arrayContaining(types));
  });

  it('v1 → v2 → v3: every version of an event becomes the same event', () => {
    const codec = createEventCodec({ 'stores.renamed': storeRenamed });
    const decoded = versionsUpTo(3).flatMap((version) =>
      recordedEvents('test/recorded/stores.renamed', version).map((message) => codec.decode(message)),
    );
    expect(decoded).toHaveLength(3);
    for (const event of decoded) {
      expect(event).toMatchObject({ version: 3, payload: { storeId: '7', title: { text: 'North', language: 'en' } } });
    }
  });

  it('says from which version a payload cannot be upgraded', () => {
    const codec = createEventCodec({ 'stores.renamed': storeRenamed });
    const [message] = recordedEvents('test/recorded/stores.renamed', 1);
    if (!message) throw new Error('nothing is recorded');
    expect(() => codec.decode({ ...message, body: '{"id":"seven","name":"North"}' })).toThrow('cannot be upgraded from version 1');
    expect(() => codec.decode({ ...message, body: '{}', headers: { ...message.headers, version: '2' } })).toThrow('from version 2');
  });
});

describe('recorded schemas', () => {
  it('are those of the catalogue: a payload does not change without its version', () => {
    for (const { path, content } of renderRecordedSchemas(read)) expect([path, read(path)]).toEqual([path, content]);
  });

  it('exist for every version there ever was', () => {
    for (const { type, version } of Object.values(eventCatalogue))
      for (const each of versionsUpTo(version)) expect(read(schemaPath({ type, version: each }))).toBeDefined();
  });

  it('are not recorded again for a payload that changed in place', () => {
    const changed = (path: string): string | undefined => read(path)?.replace('"usageCount"', '"uses"');
    expect(() => renderRecordedSchemas(changed)).toThrow('templates.used: the payload of version 1 changed; raise the version.');
  });
});

describe('breakingChanges', () => {
  const before = { id: z.string(), count: z.int().min(1), tags: z.array(z.object({ name: z.string() })), note: z.string().optional() };
  const changes = (shape: z.ZodRawShape): string[] =>
    breakingChanges(payloadSchema({ schema: z.object(before) }), payloadSchema({ schema: z.object(shape) }));

  it.each([
    ['the same', before],
    ['an added optional field', { ...before, more: z.string().optional() }],
    ['other words', { ...before, id: z.string().describe('The id.') }],
    ['an added optional field inside', { ...before, tags: z.array(z.object({ name: z.string(), colour: z.string().optional() })) }],
    ['another order', { note: before.note, tags: before.tags, count: before.count, id: before.id }],
    ['a field named description', { ...before, description: z.string().optional() }],
  ])('has nothing against %s', (_case, shape) => {
    expect(changes(shape)).toEqual([]);
  });

  it.each([
    ['a field that is gone', { id: before.id, count: before.count, tags: before.tags }, 'payload.note: is gone'],
    ['another type', { ...before, id: z.number() }, 'payload.id type: "string" → "number"'],
    ['another range', { ...before, count: z.int().min(0) }, 'payload.count minimum: 1 → 0'],
    [
      'a field that must be there now',
      { ...before, note: z.string() },
      'payload required: ["count","id","tags"] → ["count","id","note","tags"]',
    ],
    [
      'an added field that must be there',
      { ...before, more: z.string() },
      'payload required: ["count","id","tags"] → ["count","id","more","tags"]',
    ],
    ['a field inside', { ...before, tags: z.array(z.object({ name: z.int() })) }, 'payload.tags[].name type: "string" → "integer"'],
  ])('names %s', (_case, shape, line) => {
    expect(changes(shape)).toContain(line);
  });
});
