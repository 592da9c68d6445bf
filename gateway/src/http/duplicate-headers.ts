import type { IncomingMessage } from 'node:http';

/** Headers of which Node keeps one silently, where a proxy in front may have gone by another. No two are of one length. */
const ONCE = ['authorization', 'content-type', 'content-encoding', 'host', 'origin', 'x-api-key'];
/** By length, which spares most names of a request being put into lower case. */
const onceByLength: readonly (string | undefined)[] = Array.from({ length: 32 }, (_, length) =>
  ONCE.find((name) => name.length === length),
);

/** The name of a header that stands twice though it decides who asks or how the request is read; undefined when there is none. */
export function duplicateHeader({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): string | undefined {
  /** A bit for each length. */
  let seen = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const raw = rawHeaders[at] ?? '';
    const name = onceByLength[raw.length];
    if (name === undefined || (raw !== name && raw.toLowerCase() !== name)) continue;
    const bit = 1 << raw.length;
    if ((seen & bit) !== 0) return name;
    seen |= bit;
  }
  return undefined;
}
