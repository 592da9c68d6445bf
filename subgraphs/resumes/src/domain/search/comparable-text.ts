import type { Contact } from '../understanding/contact.js';
import type { Span } from '../understanding/text.js';

/**
 * What of a passage is embedded: its text without the name, e-mail address, telephone number and links that were found. They make no two people
 * alike, and where a provider makes the embeddings they need not go there. Empty where nothing else is left.
 */
export function comparableText(text: string, { start, end }: Span, { name, email, phone, urls }: Contact): string {
  const left: string[] = [];
  let at = start;
  const spans = [name, email, phone, ...urls].flatMap((found) => found?.spans ?? []);
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    if (span.start >= end || span.end <= at) continue;
    left.push(text.slice(at, Math.max(at, span.start)));
    at = Math.min(end, span.end);
  }
  left.push(text.slice(at, end));
  const rest = left.join('').trim();
  return /[\p{L}\p{N}]/u.test(rest) ? rest : '';
}
