import { setTimeout as sleep } from 'node:timers/promises';
import { FaultProxy } from './fault-proxy.js';
import { waitFor } from './wait-for.js';

export interface HalfOpenProbe {
  /** Where the server is. */
  readonly target: { readonly host: string; readonly port: number };
  /** Opens the store through the proxy on this port of 127.0.0.1. */
  readonly open: (port: number) => Promise<{ call(): Promise<unknown>; close(): Promise<unknown> }>;
  /** Within which every call must be answered or rejected. */
  readonly boundMs: number;
}

/** What calls came to; times in milliseconds. */
export interface HalfOpenReport {
  /** Of calls while nothing passes the proxy: one under way when that begins, then some one after the other, then some at once. */
  readonly held: readonly { readonly error: unknown; readonly ms: number }[];
  /** Until the first call succeeds once bytes pass again. */
  readonly recoveredAfterMs: number;
  /** Of a close while nothing passes. */
  readonly closedAfterMs: number;
}

/** Puts a store behind a connection that is open and passes nothing, as after a power cut of the other side or a dropped NAT entry. */
export async function probeHalfOpen({ target, open, boundMs }: HalfOpenProbe): Promise<HalfOpenReport> {
  await using proxy = await FaultProxy.before(target);
  const store = await open(proxy.port);
  await Promise.all([store.call(), store.call(), store.call()]);
  const letGo = proxy.hold();
  const held = [await timed(store.call()), await timed(store.call()), ...(await Promise.all([1, 2, 3].map(() => timed(store.call()))))];
  letGo();
  const freedAt = performance.now();
  await waitFor(
    () =>
      store.call().then(
        () => true,
        () => false,
      ),
    Boolean,
    2 * boundMs,
  );
  const recoveredAfterMs = performance.now() - freedAt;
  proxy.hold();
  const { ms: closedAfterMs } = await timed(Promise.race([store.close(), sleep(4 * boundMs, undefined, { ref: false })]));
  return { held, recoveredAfterMs, closedAfterMs };
}

async function timed(call: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const startedAt = performance.now();
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, ms: performance.now() - startedAt };
}
