import { GraphQLError } from 'graphql';
import type { World } from '../world.ts';

/** A field's value. Sources and arguments are what the schema says; each resolver names the part it reads. */
export type Resolve = (source: never, args: never, world: World) => unknown;

/** A field with `@requires`: computed from the required values alone, which a subgraph gets in the representation. */
export interface Requiring {
  /** The required values as the domain has them, in the form of JSON: what a representation must hold. */
  readonly required: (source: never, world: World) => Readonly<Record<string, unknown>>;
  readonly resolve: (required: never, args: never) => unknown;
}

/** By type, then field. Fields that are not here are properties of their source. An interface's entry serves its implementations. */
export type ResolverTable = Readonly<Record<string, Readonly<Record<string, Resolve | Requiring>>>>;

/** An error whose message clients may see. */
export function refusal(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'NOT_FOUND' } });
}

/** An object of these keys alone, as a required selection holds it; null stays null. */
export function pick<T extends object, K extends keyof T>(from: T | null, keys: readonly K[]): Pick<T, K> | null {
  if (from === null) return null;
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>; // exactly these keys
}
