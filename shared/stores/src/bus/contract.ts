import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LoomError } from '@loomgraph/core';
import type { Bus, BusMessage, DeliveredMessage, SubscribeOptions } from './port.js';
import { Recorder } from './recorder.js';

export interface BusHarness extends AsyncDisposable {
  readonly bus: Bus;
  /** Another process's bus over the same backend; the in-process one answers itself. */
  readonly other: Bus;
  /** A bus of the same backend, which the suite closes. */
  reopen(): Promise<Bus>;
}

export interface BusContract {
  readonly name: string;
  readonly create: () => Promise<BusHarness>;
  readonly unsupported?: readonly { readonly clause: string; readonly reason: string }[];
}

/** The clauses of `Bus`, run against one adapter. */
export function describeBusContract({ name, create, unsupported = [] }: BusContract): void {
  const clause = (title: string, test: () => Promise<void>): void => {
    const gap = unsupported.find((entry) => title.startsWith(entry.clause));
    it(gap ? `${title} [not offered: ${gap.reason}]` : title, gap ? async () => undefined : test, 60_000);
  };
  const message = (key: string, body: unknown = null): BusMessage => ({
    messageId: randomUUID(),
    key,
    body: JSON.stringify(body),
    headers: {},
  });
  const ids = (messages: readonly BusMessage[]): string[] => messages.map(({ messageId }) => messageId);

  describe(`Bus contract: ${name}`, () => {
    let harness: BusHarness;
    let bus: Bus;
    let other: Bus;
    /** Names of a fresh topic and group, and a way to subscribe that records. */
    const fresh = () => {
      const topic = `topic-${randomUUID()}`;
      const record = async (options: Partial<SubscribeOptions> = {}, on: Bus = bus) => {
        const recorder = new Recorder();
        const subscription = await on.subscribe({
          topic,
          group: 'group',
          ...options,
          handler: async (delivered) => {
            await options.handler?.(delivered);
            recorder.add(delivered);
          },
        });
        return { recorder, subscription };
      };
      return { topic, record };
    };

    beforeAll(async () => {
      harness = await create();
      ({ bus, other } = harness);
    }, 60_000);
    afterAll(async () => {
      await harness[Symbol.asyncDispose]();
    }, 60_000);

    clause('1, 5: what was published before reaches a group that starts at earliest, and not one that starts at latest', async () => {
      const { topic, record } = fresh();
      const before = [message('a'), message('b'), message('a')];
      await bus.publish(topic, before);
      await bus.publish(topic, []);
      const all = await record({ group: 'all', from: 'earliest' });
      const late = await record({ group: 'late', from: 'latest' });
      const byDefault = await record({ group: 'default' });
      const after = message('a');
      await other.publish(topic, [after]);
      await all.recorder.untilCount(4);
      await late.recorder.untilCount(1);
      await byDefault.recorder.untilCount(1);
      expect(new Set(ids(all.recorder.messages))).toEqual(new Set(ids([...before, after])));
      expect(ids(late.recorder.messages)).toEqual([after.messageId]);
      expect(ids(byDefault.recorder.messages)).toEqual([after.messageId]);
      await Promise.all([all, late, byDefault].map(({ subscription }) => subscription.close()));
    });

    clause('4: a message comes through unchanged, first with attempt 1', async () => {
      const { topic, record } = fresh();
      const { recorder, subscription } = await record();
      const sent: BusMessage = {
        messageId: '0190b3c4-任意',
        key: 'resume/一:2',
        body: JSON.stringify({ title: '简历 📄', lines: 'a\r\n"b"' }),
        headers: { type: 'templates.used', version: '1', traceparent: '00-ab', 标题: '值' },
      };
      await bus.publish(topic, [sent]);
      await recorder.untilCount(1);
      expect(recorder.messages).toEqual([{ ...sent, topic, attempt: 1, publishedAt: expect.any(Number) }]);
      expect(Math.abs((recorder.messages[0]?.publishedAt ?? 0) - Date.now())).toBeLessThan(60_000);
      await subscription.close();
    });

    clause('2: every group sees every message, one member of it handles each', async () => {
      const { topic, record } = fresh();
      const one = await record({ group: 'one', concurrency: 4 });
      const two = await record({ group: 'one', concurrency: 4 }, other);
      const apart = await record({ group: 'apart', concurrency: 4 });
      const sent = Array.from({ length: 60 }, (_, index) => message(`k${index % 12}`, index));
      for (let start = 0; start < sent.length; start += 20) await bus.publish(topic, sent.slice(start, start + 20));
      await apart.recorder.untilCount(60);
      await Recorder.untilTotal([one.recorder, two.recorder], 60);
      expect(new Set(ids(apart.recorder.messages))).toEqual(new Set(ids(sent)));
      expect(ids([...one.recorder.messages, ...two.recorder.messages]).toSorted()).toEqual(ids(sent).toSorted());
      await Promise.all([one, two, apart].map(({ subscription }) => subscription.close()));
    });

    clause('2, 3: a rejected message comes again with a higher attempt; its key waits, other keys do not', async () => {
      const { topic, record } = fresh();
      const seen: [unknown, number][] = [];
      let release = (): void => undefined;
      const goodIsHandled = new Promise<void>((resolve) => {
        release = resolve;
      });
      const { recorder, subscription } = await record({
        concurrency: 2,
        handler: async ({ body, attempt }: DeliveredMessage) => {
          seen.push([JSON.parse(body), attempt]);
          if (body === '"good"') return release();
          await goodIsHandled;
          if (body === '"bad"' && attempt < 3) throw new Error('not yet');
        },
      });
      await bus.publish(topic, [message('same', 'bad'), message('same', 'behind'), message('elsewhere', 'good')]);
      await recorder.untilCount(3);
      expect(seen.filter(([body]) => body !== 'good')).toEqual([
        ['bad', 1],
        ['bad', 2],
        ['bad', 3],
        ['behind', 1],
      ]);
      expect(recorder.messages.map(({ body }) => JSON.parse(body) as unknown)).toEqual(['good', 'bad', 'behind']);
      await subscription.close();
    });

    clause('3: order per key holds with concurrency and two members, and one key is never handled twice at once', async () => {
      const { topic, record } = fresh();
      const running = new Map<string, number>();
      let inHand = 0;
      let most = 0;
      const handler = async ({ key }: DeliveredMessage): Promise<void> => {
        running.set(key, (running.get(key) ?? 0) + 1);
        inHand += 1;
        most = Math.max(most, inHand);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
        if (running.get(key) !== 1) throw new Error(`${key} is handled twice at once`);
        running.set(key, 0);
        inHand -= 1;
      };
      const one = await record({ concurrency: 3, handler });
      const two = await record({ concurrency: 3, handler }, other);
      const sent = Array.from({ length: 300 }, (_, index) => message(`k${index % 7}`, index));
      for (let start = 0; start < sent.length; start += 50) await bus.publish(topic, sent.slice(start, start + 50));
      await Recorder.untilTotal([one.recorder, two.recorder], 300);
      expect(most).toBeLessThanOrEqual(6);
      const handled = Recorder.merge([one.recorder, two.recorder]);
      for (const key of new Set(handled.map((delivered) => delivered.key))) {
        const numbers = handled.filter((delivered) => delivered.key === key).map(({ body }) => JSON.parse(body) as number);
        expect([key, numbers]).toEqual([key, numbers.toSorted((left, right) => left - right)]);
      }
      await Promise.all([one, two].map(({ subscription }) => subscription.close()));
    });

    clause('5: a group that exists goes on where it stood, whatever from says', async () => {
      const { topic, record } = fresh();
      const first = await record({ group: 'kept' });
      const sent = [message('a', 1), message('a', 2), message('a', 3)];
      await bus.publish(topic, sent.slice(0, 1));
      await first.recorder.untilCount(1);
      await first.subscription.close();
      await bus.publish(topic, sent.slice(1));
      expect(await bus.lag(topic, 'kept')).toBe(2);
      const second = await record({ group: 'kept', from: 'latest' }, other);
      await second.recorder.untilCount(2);
      expect(ids(second.recorder.messages)).toEqual(ids(sent.slice(1)));
      await second.subscription.close();
    });

    clause('5: groups of one name on two topics are apart', async () => {
      const [left, right] = [fresh(), fresh()];
      const first = await left.record();
      await bus.publish(right.topic, [message('a', 'before')]);
      const second = await right.record();
      const [toLeft, toRight] = [message('a'), message('a')];
      await bus.publish(left.topic, [toLeft]);
      await bus.publish(right.topic, [toRight]);
      await Promise.all([first.recorder.untilCount(1), second.recorder.untilCount(1)]);
      expect([ids(first.recorder.messages), ids(second.recorder.messages)]).toEqual([[toLeft.messageId], [toRight.messageId]]);
      await Promise.all([first.subscription.close(), second.subscription.close()]);
    });

    clause('6: close waits for the handler in progress; what was not acknowledged goes to another member', async () => {
      const { topic, record } = fresh();
      let release = (): void => undefined;
      let started = (): void => undefined;
      const isStarted = new Promise<void>((resolve) => {
        started = resolve;
      });
      const first = await record({
        handler: async () => {
          started();
          await new Promise<void>((resolve) => {
            release = resolve;
          });
        },
      });
      const sent = [message('a', 1), message('a', 2), message('b', 3)];
      await bus.publish(topic, sent);
      await isStarted;
      let closed = false;
      const closing = first.subscription.close().then(() => {
        closed = true;
      });
      // Joins while the handler is still at it. A backend may let it wait for the handler.
      const joining = record({}, other);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(closed).toBe(false);
      release();
      await closing;
      const second = await joining;
      expect(first.recorder.messages).toHaveLength(1);
      await second.recorder.untilCount(2);
      expect(new Set(ids([...first.recorder.messages, ...second.recorder.messages]))).toEqual(new Set(ids(sent)));
      expect(second.recorder.messages.map(({ attempt }) => attempt)).toEqual([1, 1]);
      await second.subscription.close();
      await second.subscription.close();
    });

    clause('lag: counts what the group has not acknowledged', async () => {
      const { topic, record } = fresh();
      expect(await bus.lag(topic, 'group')).toBe(0);
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      await bus.publish(topic, [message('before')]);
      const { recorder, subscription } = await record({ handler: () => released });
      expect(await bus.lag(topic, 'group')).toBe(0);
      expect(await bus.lag(topic, 'unknown')).toBe(0);
      await bus.publish(
        topic,
        Array.from({ length: 25 }, (_, index) => message(`k${index}`)),
      );
      expect(await other.lag(topic, 'group')).toBe(25);
      release();
      await recorder.untilCount(25);
      await subscription.close();
      expect(await bus.lag(topic, 'group')).toBe(0);
    });

    clause('2: a handler may say when a message comes again', async () => {
      const { topic, record } = fresh();
      const seen: number[] = [];
      const { recorder, subscription } = await record({
        handler: async ({ attempt }) => {
          seen.push(performance.now());
          if (attempt === 1) throw new LoomError('STORE_UNAVAILABLE', 'later', { details: { retryAfterMs: 700 } });
        },
      });
      await bus.publish(topic, [message('a')]);
      await recorder.untilCount(1);
      expect((seen[1] ?? 0) - (seen[0] ?? 0)).toBeGreaterThan(650);
      await subscription.close();
    });

    clause('5, 9: a group can start at a point in time, or where another group stands, if that is further back', async () => {
      const { topic, record } = fresh();
      const [first, second, third] = [message('a', 1), message('a', 2), message('a', 3)];
      const slow = await record({ group: 'slow', from: 'earliest' });
      await bus.publish(topic, [first]);
      await slow.recorder.untilCount(1);
      await slow.subscription.close();
      await bus.publish(topic, [second]);
      await new Promise((resolve) => setTimeout(resolve, 60));
      const between = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 60));
      await bus.publish(topic, [third]);
      expect(await bus.heldSince(topic)).toBeLessThanOrEqual(Date.now());
      const late = await record({ group: 'late', from: { sinceMs: between } });
      const bound = await record({ group: 'bound', from: { sinceMs: between, notAfter: 'slow' } }, other);
      const whole = await record({ group: 'whole', from: { sinceMs: between - 60_000, notAfter: 'nobody' } });
      await Promise.all([late.recorder.untilCount(1), bound.recorder.untilCount(2), whole.recorder.untilCount(3)]);
      expect(ids(late.recorder.messages)).toEqual([third.messageId]);
      expect(ids(bound.recorder.messages)).toEqual(ids([second, third]));
      expect(ids(whole.recorder.messages)).toEqual(ids([first, second, third]));
      await Promise.all([late, bound, whole].map(({ subscription }) => subscription.close()));
    });

    clause('a group has passed a time once it has acknowledged what is older, and can be dropped once it has no members', async () => {
      const { topic, record } = fresh();
      expect(await bus.hasPassed(topic, 'group', Date.now())).toBe(false);
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const before = Date.now() - 60_000;
      const { recorder, subscription } = await record({ from: 'earliest', handler: () => released });
      await bus.publish(topic, [message('a')]);
      const after = Date.now() + 60_000;
      expect([await bus.hasPassed(topic, 'group', before), await bus.hasPassed(topic, 'group', after)]).toEqual([true, false]);
      release();
      await recorder.untilCount(1);
      while (!(await bus.hasPassed(topic, 'group', after))) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await bus.dropGroup(topic, 'group')).toBe(false);
      await subscription.close();
      while (!(await other.dropGroup(topic, 'group'))) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await bus.dropGroup(topic, 'never-was')).toBe(true);
      expect(await bus.takeLost(topic, 'group')).toBe(0);
      const again = await record({ group: 'group', from: 'earliest' });
      await again.recorder.untilCount(1);
      await again.subscription.close();
    });

    clause('names outside the rules are refused', async () => {
      const refused = { code: 'BAD_USER_INPUT' };
      for (const bad of ['', 'a b', 'a/b', '{a}', 'x'.repeat(201)]) {
        await expect(bus.publish(bad, [message('a')])).rejects.toMatchObject(refused);
        await expect(bus.subscribe({ topic: bad, group: 'g', handler: async () => undefined })).rejects.toMatchObject(refused);
        await expect(bus.subscribe({ topic: 't', group: bad, handler: async () => undefined })).rejects.toMatchObject(refused);
        await expect(bus.lag('t', bad)).rejects.toMatchObject(refused);
      }
    });

    clause('7: health is ok while open; close ends subscriptions, and then every call is unavailable', async () => {
      const { topic, record } = fresh();
      const closing = await harness.reopen();
      expect(await closing.health()).toMatchObject({ name: 'bus', ok: true });
      const { recorder } = await record({}, closing);
      await closing.publish(topic, [message('a')]);
      await recorder.untilCount(1);
      await closing.close();
      await closing.close();
      const calls = [
        () => closing.publish(topic, [message('a')]),
        () => closing.subscribe({ topic, group: 'g', handler: async () => undefined }),
        () => closing.lag(topic, 'g'),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ name: 'StoreError', kind: 'unavailable' });
      expect(await closing.health()).toMatchObject({ ok: false });
    });
  });
}
