import { afterEach, describe, expect, it } from '@jest/globals';
import { describeAudits } from './audits.contract.js';
import { axis, DIMENSIONS, newName, template, type VectorSuite } from './contract.fixture.js';
import { describeFilters } from './filters.contract.js';
import { describeSearches } from './searches.contract.js';
import { describeWrites } from './writes.contract.js';
import type { VectorCollection, VectorIndex } from './port.js';

export interface VectorIndexContract {
  readonly name: string;
  /** Opens the collection; twice with one name gives two handles of the same documents. */
  readonly create: (collection: VectorCollection) => Promise<VectorIndex>;
  readonly unsupported?: readonly { clause: number; reason: string }[];
}

/** The clauses of `VectorIndex`, one suite over every adapter. */
export function describeVectorIndexContract({ name, create, unsupported = [] }: VectorIndexContract): void {
  describe(`VectorIndex: ${name}`, () => {
    const opened: VectorIndex[] = [];
    afterEach(() => Promise.all(opened.splice(0).map((index) => index.close())));

    const open: VectorSuite['open'] = async (collection = {}) => {
      const index = await create({
        name: newName(),
        dimensions: DIMENSIONS,
        embeddings: { content: { indexed: true }, title: { indexed: false } },
        attributes: { category: 'text', tags: 'text[]', rating: 'number', free: 'boolean' },
        ...collection,
      });
      opened.push(index);
      return index;
    };
    const clause: VectorSuite['clause'] = (number, title, test) => {
      const exemption = unsupported.find((entry) => entry.clause === number);
      if (exemption) it.skip(`${number}. ${title} (unsupported: ${exemption.reason})`, test);
      else it(`${number}. ${title}`, test);
    };

    describeWrites({ open, clause });
    describeSearches({ open, clause });
    describeFilters({ open, clause });
    describeAudits({ open, clause });

    clause(13, 'rejects every call after close', async () => {
      const index = await open();
      await index.close();
      await index.close();
      const closed = { kind: 'unavailable' };
      await expect(index.upsert([template('a')])).rejects.toMatchObject(closed);
      await expect(index.remove([])).rejects.toMatchObject(closed);
      await expect(index.get(['a'])).rejects.toMatchObject(closed);
      await expect(index.searchByVector({ field: 'content', embedding: axis(0), limit: 1 })).rejects.toMatchObject(closed);
      await expect(index.searchByText({ text: 'a', limit: 1 })).rejects.toMatchObject(closed);
      await expect(index.searchHybrid({ field: 'content', embedding: axis(0), text: 'a', limit: 1 })).rejects.toMatchObject(closed);
      await expect(index.suggest('a', { limit: 1 })).rejects.toMatchObject(closed);
      await expect(index.advance([])).rejects.toMatchObject(closed);
      await expect(index.entries(['a'])).rejects.toMatchObject(closed);
      await expect(index.scan({ limit: 1 })).rejects.toMatchObject(closed);
      await expect(index.purgeTombstones({ olderThanMs: 0, limit: 1 })).rejects.toMatchObject(closed);
      await expect(index.drop()).rejects.toMatchObject(closed);
      await expect(index.count()).rejects.toMatchObject(closed);
      expect(await index.health()).toMatchObject({ ok: false });
    });
  });
}
