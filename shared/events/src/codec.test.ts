import { z } from 'zod';
import { eventCatalogue } from './catalogue.js';
import { decodeEvent, encodeEvent, EventError, type EventMessage } from './codec.js';
import { defineEvent, topicOf } from './define-event.js';
import { createEvent } from './envelope.js';
import { renderEventsDoc } from './render-events-doc.js';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const context = { ids: { next: () => 'event-1' }, clock: { now: () => new Date('2026-01-01T00:00:00Z') } };
const payload = { templateId: 'template-1', userId: 'user-1', usageCount: 3, usedAt: '2026-01-01T00:00:00.000Z' };
const used = createEvent(eventCatalogue['templates.used'], payload, { ...context, traceparent });
const problemOf = (fn: () => unknown): { kind: string; message: string } => {
  try {
    fn();
  } catch (error) {
    expect(error).toBeInstanceOf(EventError);
    return error as EventError;
  }
  throw new Error('nothing was thrown');
};
const change = (headers: Record<string, string>, body?: string): EventMessage => {
  const message = encodeEvent(used);
  return { ...message, headers: { ...message.headers, ...headers }, body: body ?? message.body };
};

describe('event codec', () => {
  it('encodes to the shape of a bus message', () => {
    expect(encodeEvent(used)).toEqual({
      messageId: 'event-1',
      key: 'template-1',
      body: JSON.stringify(payload),
      headers: { type: 'templates.used', version: '1', occurredAt: '2026-01-01T00:00:00.000Z', traceparent },
    });
  });

  it('1. decodes what was encoded, and tells the types apart', () => {
    expect(decodeEvent(encodeEvent(used))).toEqual(used);
    const rated = createEvent(
      eventCatalogue['templates.rated'],
      { templateId: 't', userId: 'u', rating: 5, average: 4.5, count: 2 },
      context,
    );
    const decoded = decodeEvent(encodeEvent(rated));
    expect(decoded).toEqual(rated);
    if (decoded.type !== 'templates.rated') throw new Error('wrong type');
    const average: number = decoded.payload.average;
    expect(average).toBe(4.5);
    expect('traceparent' in decoded).toBe(false);
  });

  it('1. drops fields it does not know', () => {
    expect(decodeEvent(change({}, JSON.stringify({ ...payload, more: 1 }))).payload).toEqual(payload);
  });

  it.each(['templates.deleted', '', 'toString', '__proto__'])('refuses the type %p', (type) => {
    expect(problemOf(() => decodeEvent(change({ type }))).kind).toBe('unknown-type');
  });

  it('refuses a newer version', () => {
    expect(problemOf(() => decodeEvent(change({ version: '2' })))).toMatchObject({
      kind: 'newer-version',
      message: 'templates.used has version 2; this process knows versions up to 1.',
    });
    expect(problemOf(() => encodeEvent({ ...used, version: 2 })).kind).toBe('newer-version');
  });

  it.each([
    ['a body that is no JSON', change({}, '{')],
    ['a missing field', change({}, '{}')],
    ['a field out of range', change({}, JSON.stringify({ ...payload, usageCount: 0 }))],
    ['a version that is none', change({ version: 'one' })],
    ['version 0', change({ version: '0' })],
    ['no time', change({ occurredAt: 'yesterday' })],
  ])('refuses %s', (_case, message) => {
    expect(problemOf(() => decodeEvent(message)).kind).toBe('invalid-payload');
  });

  it('refuses to encode what does not fit, without printing the values', () => {
    const problem = problemOf(() => encodeEvent({ ...used, payload: { ...payload, userId: '', usedAt: 'someone@example.org' } }));
    expect(problem).toMatchObject({ kind: 'invalid-payload' });
    expect(problem.message).toContain('userId');
    expect(problem.message).not.toContain('someone@example.org');
  });
});

describe('event catalogue', () => {
  it('files every event under its own type', () => {
    for (const [type, definition] of Object.entries(eventCatalogue)) expect(definition.type).toBe(type);
  });

  it('names one topic for each owner', () => {
    expect(topicOf('templates.used')).toBe('templates-events');
    expect(topicOf('templates.rated')).toBe('templates-events');
  });

  it('refuses types and versions of another form', () => {
    const definition = { schema: z.object({}), doc: '', keyDoc: '', key: () => '' };
    expect(() => defineEvent({ ...definition, type: 'Used', version: 1 })).toThrow('is no event type');
    expect(() => defineEvent({ ...definition, type: 'a.b', version: 0 })).toThrow('a version is a whole number from 1');
    expect(() => defineEvent({ ...definition, type: 'a.b', version: 3, upgrades: { 2: (old) => old } })).toThrow(
      'needs an upgrade from each of 1 to 2; there is one from: 2',
    );
  });

  it('renders the page', () => {
    const page = renderEventsDoc();
    expect(page).toContain('## templates.used, version 1');
    expect(page).toContain('Topic `templates-events`, key `templateId`.');
    expect(page).toContain('| `rating` | number from 0 to 5 |');
    expect(page).toContain('| `usedAt` | string (date-time) |');
  });
});
