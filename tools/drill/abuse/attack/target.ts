import type { GraphQLSchema } from 'graphql';
import type { Random } from '../../../harness/random.ts';
import type { Topology } from '../finding.ts';
import type { AttackClient } from './client.ts';
import type { Fixtures } from './fixtures.ts';
import type { Listener } from './listener.ts';
import type { People } from './people.ts';
import type { SubgraphTarget } from './subgraph-target.ts';

/** A field for administrators that changes nothing. */
export interface Probe {
  /** Its name with arguments and selection. */
  readonly selection: string;
  /** Its name, which is where it stands in an answer. */
  readonly path: string;
  /** A whole query for it. */
  readonly query: string;
}

/** What a case attacks, and with what. */
export interface Target {
  readonly topology: Topology;
  readonly url: URL;
  readonly client: AttackClient;
  /** Another attacker, from another address. */
  newClient(): AttackClient;
  readonly random: Random;
  /** Unique to this attempt; part of every name that is made. */
  readonly tag: string;
  /** A development token of a user with these roles; the user is this attempt's own where none is named. */
  token(options?: { readonly userId?: string; readonly roles?: readonly string[]; readonly scopes?: readonly string[] }): Promise<string>;
  /** The secret that signs development tokens: what nobody but the product and this drill knows. */
  readonly tokenSecret: string;
  readonly probe: Probe;
  readonly schema: GraphQLSchema;
  readonly fixtures: Fixtures;
  readonly listener: Listener;
  readonly people: People;
  /** A subgraph in a process of its own; where there is none, its cases are not run. */
  readonly subgraph: SubgraphTarget | undefined;
}
