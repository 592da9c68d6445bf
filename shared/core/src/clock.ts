import { uuidv7 } from 'uuidv7';

/** Where time comes from; a test passes its own. */
export interface Clock {
  now(): Date;
}
export const systemClock: Clock = { now: () => new Date() };

/** Where new ids come from; a test or a seed passes its own. */
export interface IdSource {
  next(): string;
}
/** UUID version 7 (RFC 9562): sorts by creation time, so primary-key inserts stay local. */
export const uuidSource: IdSource = { next: () => uuidv7() };
