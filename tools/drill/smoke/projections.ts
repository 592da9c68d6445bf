/**
 * The templates subgraph's projections over a store set of the drill's own. This is the only file that reaches past a package's exports: a drill
 * that asked the subgraph for its own opinion would prove nothing.
 */
import { createLexicalEmbedder } from '@loomgraph/ai';
import type { StoreSet } from '@loomgraph/stores';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { OutboxRow, type Projection } from '@loomgraph/sync';
import { categoryGraph, templateGraph, userGraph } from '../../../subgraphs/templates/dist/projections/graph.js';
import { templateCacheProjection, templateEntries } from '../../../subgraphs/templates/dist/projections/template-cache.js';
import { openTemplateVectors, templateVectors } from '../../../subgraphs/templates/dist/projections/template-vectors.js';
import { entities } from '../../../subgraphs/templates/dist/store/entities.js';

/** What the gateway of a drill runs with, see `EMBEDDING_DIMENSIONS`. */
const DIMENSIONS = 1_536;

export interface AuditedProjection {
  readonly projection: Projection;
  /** The record's table; its key is `id`. */
  readonly table: string;
  /** Whether the same record always gives the same document. A template's nearest ones depend on what else there is. */
  readonly repeatable: boolean;
}

export async function openProjections(
  stores: StoreSet,
  { withCache }: { withCache: boolean },
): Promise<{ record: RelationalStore; projections: AuditedProjection[] }> {
  const record = await stores.relational({ name: 'templates', entities: [...entities, OutboxRow], migrations: [] });
  const embedder = createLexicalEmbedder({ dimensions: DIMENSIONS });
  const vectors = await openTemplateVectors({ store: record, stores, embedder });
  const graph = await stores.graph(['Template', 'Category', 'User']);
  const projections: AuditedProjection[] = [
    { projection: wanted(templateVectors(vectors)), table: 'template', repeatable: true },
    { projection: templateGraph({ graph, index: vectors.reader, store: record }), table: 'template', repeatable: false },
    { projection: categoryGraph({ graph }), table: 'category', repeatable: true },
    { projection: userGraph({ graph }), table: 'template_user', repeatable: true },
  ];
  // A cache in the gateway's process went with it.
  if (withCache) {
    const cache = await stores.cache();
    const entries = templateEntries({ cache, store: record });
    projections.push({ projection: wanted(templateCacheProjection({ cache, entries })), table: 'template', repeatable: true });
  }
  return { record, projections };
}

/** Of a projection's versions the one that this code is for. */
function wanted([first]: readonly Projection[]): Projection {
  if (!first) throw new Error('A projection has at least one version.');
  return first;
}
