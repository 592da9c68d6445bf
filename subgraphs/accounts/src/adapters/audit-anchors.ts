import { StoreError } from '@loomgraph/core';
import type { Objects } from '@loomgraph/stores/objects';

/** What the audit log was at some time, kept where who can write the database need not be able to write. */
export interface AuditAnchor {
  /** The first is 1; two processes may make one of the same number. */
  readonly ordinal: number;
  readonly sequence: number;
  readonly hash: string;
}

/**
 * Anchors in the object store, one object each, never written again. All that is known of one is in its key, so that a list is enough to compare:
 * `<prefix>/anchors/<sequence>-<ordinal>-<hash>.json`.
 */
export interface AuditAnchors {
  put(anchor: AuditAnchor, at: Date): Promise<void>;
  /** Those of records from `sequence` on, in their order. */
  from(sequence: number): AsyncGenerator<AuditAnchor, void, void>;
}

const PAGE = 1_000;
const SEQUENCE_DIGITS = 16;
const ORDINAL_DIGITS = 10;
const KEY = /\/(\d{16})-(\d{10})-([\da-f]{64})\.json$/;

export function createAuditAnchors({ objects: open, prefix }: { objects: () => Promise<Objects>; prefix: string }): AuditAnchors {
  const folder = `${prefix}/anchors/`;
  return {
    async put(anchor, at) {
      const key = `${folder}${digits(anchor.sequence, SEQUENCE_DIGITS)}-${digits(anchor.ordinal, ORDINAL_DIGITS)}-${anchor.hash}.json`;
      const body = Buffer.from(`${JSON.stringify({ ...anchor, anchoredAt: at.toISOString() })}\n`);
      const objects = await open();
      try {
        await objects.put(key, body, { contentType: 'application/json', ifAbsent: true });
      } catch (error) {
        // Another process made the same one.
        if (!(error instanceof StoreError) || error.kind !== 'conflict') throw error;
      }
    },
    async *from(sequence) {
      let after = `${folder}${digits(sequence, SEQUENCE_DIGITS)}`;
      const objects = await open();
      for (;;) {
        const page = await objects.list(folder, { after, limit: PAGE });
        for (const { key } of page) {
          const anchor = parse(key);
          if (anchor) yield anchor;
        }
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) return;
        after = last.key;
      }
    },
  };
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0');

function parse(key: string): AuditAnchor | undefined {
  const [, sequence, ordinal, hash] = KEY.exec(key) ?? [];
  return hash === undefined ? undefined : { sequence: Number(sequence), ordinal: Number(ordinal), hash };
}
