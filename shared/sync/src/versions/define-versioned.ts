import {
  defineProjection,
  type Projection,
  type ProjectionDefinition,
  type ProjectionTarget,
  type VersionStorages,
} from '../projection/define-projection.js';
import { buildName } from './version-key.js';

/** Where the versions of a projection are stored, each beside the others. */
export interface VersionedTargets<Content> extends VersionStorages {
  /** The target of the version that this process is for, then those of earlier ones that it can keep up to date. */
  readonly targets: readonly [ProjectionTarget<Content>, ...ProjectionTarget<Content>[]];
}

/**
 * Declares a projection whose versions are stored beside each other, so that a new one is built while the one before serves reads and is kept up to
 * date, and takes over when it is complete. All of the answer goes to the relay; which of them delivers, and which waits, the registry says.
 */
export function defineVersionedProjection<Source, Content>(
  definition: Omit<ProjectionDefinition<Source, Content>, 'target'>,
  storages: VersionedTargets<Content>,
): readonly Projection[] {
  const [wanted, ...earlier] = storages.targets;
  const version = (target: ProjectionTarget<Content>): Projection => ({ ...defineProjection({ ...definition, target }), storages });
  const live = version(wanted);
  return [live, { ...live, name: buildName(live.name, live.versionKey), of: live.name }, ...earlier.map(version)];
}
