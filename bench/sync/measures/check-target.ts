import type { Projection } from '@loomgraph/sync';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { fingerprint } from '@loomgraph/sync';

const PAGE = 500;
const SHOWN = 3;

/**
 * Compares all of a target with its source: every record in its newest revision, derived as it is now, and, where the target can tell, stored as it
 * was written; and nothing else. @returns what is wrong
 */
export async function checkTarget(store: RelationalStore, projection: Projection, ids: readonly string[]): Promise<readonly string[]> {
  const { definition, name, versionKey } = projection;
  const problems: string[] = [];
  for (let start = 0; start < ids.length; start += PAGE) {
    const page = ids.slice(start, start + PAGE);
    const documents = new Map((await definition.load(page, store.read())).map((document) => [document.id, document]));
    const entries = await definition.target.entries(page, { verify: true });
    for (const [position, id] of page.entries()) {
      const document = documents.get(id);
      const entry = entries[position];
      const right =
        document !== undefined &&
        entry?.revision === document.revision &&
        entry.fingerprint === fingerprint(versionKey, definition.derive(document.value)) &&
        entry.intact !== false &&
        !entry.deleted;
      if (!right) problems.push(`${name}: ${id} is ${JSON.stringify(entry)}, the record has revision ${document?.revision}`);
    }
  }
  const more = problems.length > SHOWN ? [`${name}: ${problems.length} of ${ids.length} documents are wrong`] : [];
  return [...problems.slice(0, SHOWN), ...more];
}
