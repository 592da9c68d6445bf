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
  /** Turns a payload of an older version into one of this version. */
  readonly upgrade?: (payload: unknown, fromVersion: number) => unknown;
}

/** Declares an event. Throws when the type or the version has another form. */
export function defineEvent<const T extends string, P>(definition: EventDefinition<T, P>): EventDefinition<T, P> {
  const { type, version } = definition;
  if (!/^[a-z][a-z\d-]*\.[a-z][a-z\d-]*$/.test(type))
    throw new Error(`"${type}" is no event type: use <owner>.<past tense>, in lower case.`);
  if (!Number.isInteger(version) || version < 1) throw new Error(`${type}: a version is a whole number from 1.`);
  return definition;
}

/** The topic of an event type: one for each owner, so that all facts about a record stay in order. */
export function topicOf(type: string): string {
  return `${type.split('.', 1)[0] ?? type}-events`;
}
