import { LRUCache } from 'lru-cache';
import type { Logger } from '@loomgraph/telemetry';
import type { Caller } from '../execution/engine.js';
import { refuse, type Refusal } from './refuse.js';
import type { TrustedDocuments } from './trusted-documents/trusted-documents.js';

/** Texts that were logged; beyond them a text may be logged again. */
const REMEMBERED = 1_000;

/** Whether a text may be executed; a refusal where it may not. */
export type TrustText = (text: string, caller: Caller) => Refusal | undefined;

/** Trusts what is known, and by its mode what is not; every unknown text is logged once. */
export function createTrustText(deps: { readonly trustedDocuments: TrustedDocuments | undefined; readonly logger: Logger }): TrustText {
  const { trustedDocuments, logger } = deps;
  if (trustedDocuments === undefined) return () => undefined;
  const logged = new LRUCache<string, true>({ max: REMEMBERED });
  return (text, { identity, requestId }) => {
    if (trustedDocuments.isKnown(text)) return undefined;
    if (!logged.has(text)) {
      logged.set(text, true);
      logger.warn('A document is not among the trusted ones', { requestId, mode: trustedDocuments.mode, document: text.slice(0, 500) });
    }
    if (trustedDocuments.mode === 'lenient' || trustedDocuments.isExempt(identity)) return undefined;
    const message = 'This document is not registered, and only registered ones are executed here. Add it to the manifest.';
    return refuse({ requestId, code: 'DOCUMENT_NOT_TRUSTED', message, reason: 'untrustedDocument' });
  };
}
