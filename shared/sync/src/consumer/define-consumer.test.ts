import { defineConsumer } from './define-consumer.js';

describe('defineConsumer', () => {
  it('knows what it handles, and the time of an event', () => {
    const consumer = defineConsumer({
      name: 'usage',
      topic: 'templates-events',
      events: { 'templates.used': async () => undefined },
      replay: {
        reset: async () => undefined,
        timeOf: (event) => (event.type === 'templates.used' ? Date.parse(event.payload.usedAt) : 0),
      },
    });
    expect(['templates.used', 'templates.rated', 'toString'].map((type) => consumer.handles(type))).toEqual([true, false, false]);
    const event = consumer.decode({
      messageId: 'm',
      key: 't',
      body: '{"templateId":"t","userId":"u","usageCount":1,"usedAt":"2026-01-02T00:00:00.000Z"}',
      headers: { type: 'templates.used', version: '1', occurredAt: '2026-01-03T00:00:00.000Z' },
    });
    expect(consumer.timeOf(event)).toBe(Date.parse('2026-01-02T00:00:00.000Z'));
    expect(defineConsumer({ name: 'plain', topic: 'templates-events', events: {} }).timeOf(event)).toBe(Date.parse(event.occurredAt));
  });

  it.each(['', 'Usage', 'a b', '-a', 'a#2', 'a'.repeat(57)])('refuses the name %p', (name) => {
    expect(() => defineConsumer({ name, topic: 'templates-events', events: {} })).toThrow('is no name of a consumer');
  });

  it('refuses an event that is published elsewhere', () => {
    const elsewhere = { name: 'usage', topic: 'stores-events', events: { 'templates.used': async () => undefined } };
    expect(() => defineConsumer(elsewhere)).toThrow('templates.used is published to templates-events, not to stores-events.');
  });
});
