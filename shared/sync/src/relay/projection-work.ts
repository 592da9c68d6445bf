import type { RelationalStore } from '@loomgraph/stores/relational';
import { stringify } from 'safe-stable-stringify';
import type { Projection } from '../projection/define-projection.js';
import { project } from '../projection/project.js';
import { withinMs } from './batch-steps.js';
import { announceTo, type DerivedTrigger } from './fan-out.js';
import type { Faults } from './faults.js';
import type { Work } from './work.js';

export interface ProjectionWorkOptions {
  readonly store: RelationalStore;
  readonly projection: Projection;
  /** Who depends on what this projection writes. */
  readonly dependents: readonly DerivedTrigger[];
  readonly faults: Faults;
}

/** Delivery to a projection's target. */
export function projectionWork({ store, projection, dependents, faults }: ProjectionWorkOptions): Work {
  const { name, source, after, policy, definition, of, versionKey } = projection;
  const load = async (id: string) => (await definition.load([id], store.read()))[0];
  return {
    name,
    source,
    version: of === undefined ? versionKey : undefined,
    after: [...after, ...ownFanOuts(projection)],
    policy,
    target: definition.target,
    deliver: (batch, claims, steps) =>
      project(projection, claims, {
        em: () => store.read(),
        fence: batch.fence,
        steps,
        ...(dependents.length > 0 && {
          announce: async (ids: readonly string[]) => {
            await announceTo(store, dependents, claims, ids);
            await faults('project.announced');
          },
        }),
      }),
    async answers({ id }) {
      try {
        await withinMs(policy.timeoutMs, () => definition.target.entries([id]));
        return true;
      } catch {
        return false;
      }
    },
    async payload({ id }) {
      try {
        const loaded = await load(id);
        return loaded && capped(derived(projection, loaded.value));
      } catch {
        return undefined; // the cause of the dead letter says why
      }
    },
  };
}

/** A record's own turn comes after the search for what depends on what another projection wrote of it: its removal would hide who did. */
function ownFanOuts({ name, source, after, triggers }: Projection): string[] {
  return triggers.filter(({ on }) => after.includes(on) && on !== source).map(({ on }) => `${name}<-${on}`);
}

function derived(projection: Projection, value: unknown): string {
  try {
    return stringify(projection.definition.derive(value)) ?? 'null';
  } catch {
    return stringify(value) ?? 'null';
  }
}

/** What a `text` column of MySQL takes. */
const PAYLOAD_BYTES = 65_000;
export const CUT_MARK = '…[cut]';

export function capped(json: string): string {
  if (Buffer.byteLength(json) <= PAYLOAD_BYTES) return json;
  // Half a character at the cut becomes a replacement character.
  return `${Buffer.from(json).subarray(0, PAYLOAD_BYTES).toString('utf8')}${CUT_MARK}`;
}
