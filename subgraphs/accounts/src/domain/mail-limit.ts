import type { Clock } from '@loomgraph/core';
import type { MailKind } from './ports.js';

/** Keeps anybody from having mails sent to an address without end. */
export interface MailLimit {
  /** Whether one more of this kind may go to the address now; counted when it may. */
  allows(kind: MailKind, email: string): boolean;
}

/** Somebody who waits for a mail asks again, some times; more helps nobody. */
export const MAILS_PER_HOUR = 5;
const HOUR_MS = 3_600_000;
/** Addresses that are remembered; beyond it the ones asked about longest ago are forgotten. */
const MAX_REMEMBERED = 100_000;

/** Counts in this process: of several, each lets as many through. Where it says no, nothing else of the request is done either: tokens of earlier mails stay good. */
export function createMailLimit({ clock }: { readonly clock: Clock }): MailLimit {
  const sent = new Map<string, readonly number[]>();
  return {
    allows(kind, email) {
      const key = `${kind} ${email}`;
      const now = clock.now().getTime();
      const recent = (sent.get(key) ?? []).filter((time) => time > now - HOUR_MS);
      const isAllowed = recent.length < MAILS_PER_HOUR;
      // Asked about last, so last in the map's order.
      sent.delete(key);
      sent.set(key, isAllowed ? [...recent, now] : recent);
      if (sent.size > MAX_REMEMBERED) {
        const [oldest] = sent.keys();
        if (oldest !== undefined) sent.delete(oldest);
      }
      return isAllowed;
    },
  };
}
