import type { z } from 'zod';

/** One kind of fact that services tell each other. */
export interface EventDefinition<T extends string = string, P = unknown> {
  /** `<owner>.<what happened, past tense>`; the owner is the subgraph that publishes it. */
  readonly type: T;
  /** Rises with every change that an old consumer would misread; an added optional field is none. */
  readonly version: number;
  /** The payload: JSON values only. */
  readonly schema: z.ZodType<P>;
  readonly doc: string;
  /** What `key` names, for the generated page. */
  readonly keyDoc: string;
  /** The id of the record the event is about; the bus keeps order per key. */
  readonly key: (payload: P) => string;
  /**
   * Steps from each older version to the next one, by the version they start from: `{ 1: (v1) => v2, 2: (v2) => v3 }`. Every older version has one:
   * topics and dead events hold payloads of all of them.
   */
  readonly upgrades?: Readonly<Record<number, (payload: unknown) => unknown>>;
}

/** Declares an event. Throws when the type or the version has another form, or a step between versions is missing. */
export function defineEvent<const T extends string, P>(definition: EventDefinition<T, P>): EventDefinition<T, P> {
  const { type, version } = definition;
  if (!/^[a-z][a-z\d-]*\.[a-z][a-z\d-]*$/.test(type))
    throw new Error(`"${type}" is no event type: use <owner>.<past tense>, in lower case.`);
  if (!Number.isInteger(version) || version < 1) throw new Error(`${type}: a version is a whole number from 1.`);
  const steps = Object.keys(definition.upgrades ?? {});
  const expected = Array.from({ length: version - 1 }, (_, index) => String(index + 1));
  if (steps.join() !== expected.join())
    throw new Error(
      `${type}: version ${version} needs an upgrade from each of 1 to ${version - 1}; there is one from: ${steps.join(', ') || 'none'}.`,
    );
  return definition;
}

/** The topic of an event type: one for each owner, so that all facts about a record stay in order. */
export function topicOf(type: string): string {
  return `${type.split('.', 1)[0] ?? type}-events`;
}
