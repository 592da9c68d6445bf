import { eventCatalogue } from './catalogue.js';
import type { EventDefinition } from './define-event.js';
import { breakingChanges, payloadSchema, type PayloadSchema } from './schema-changes.js';

export interface RecordedSchema {
  /** In the package: `recorded/generated/<type>.v<version>.json`. */
  readonly path: string;
  readonly content: string;
}

/** Where the schema of a version of an event is recorded, in the package. */
export const schemaPath = ({ type, version }: Pick<EventDefinition, 'type' | 'version'>): string =>
  `recorded/generated/${type}.v${version}.json`;

/**
 * The schemas to record, one for each event of the catalogue in the version it has. `recorded` answers what the repository holds.
 * @throws Error naming the fields when a payload changed and its version did not rise
 */
export function renderRecordedSchemas(recorded: (path: string) => string | undefined): readonly RecordedSchema[] {
  return Object.values(eventCatalogue).map((definition) => {
    const path = schemaPath(definition);
    const known = recorded(path);
    const current = payloadSchema(definition);
    const changes = known === undefined ? [] : breakingChanges(JSON.parse(known) as PayloadSchema, current); // written by this function
    if (changes.length > 0)
      throw new Error(
        `${definition.type}: the payload of version ${definition.version} changed; raise the version.\n${changes.join('\n')}`,
      );
    return { path, content: `${JSON.stringify(current, null, 2)}\n` };
  });
}
