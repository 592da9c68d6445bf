import type { Authorizer, Identity } from '@loomgraph/auth';
import { createLoader, createRequestSync, type RequestSync, type SubgraphRequest } from '@loomgraph/subgraph-kit';
import DataLoader from 'dataloader';
import type { Actor } from '../domain/audit-trail.js';
import type { AccountReader } from '../domain/ports.js';
import type { User } from '../domain/user.js';

/** What one request's resolvers share; never another's. */
export interface AccountsContext {
  readonly identity: Identity | null;
  /** Who may do what. */
  readonly authorizer: Authorizer;
  readonly requestId: string;
  /** Where the request came from, as the gateway saw it. */
  readonly clientAddress: string | undefined;
  /** Told of what is written; undefined where nobody asks. Nothing here is read from a projected store. */
  readonly sync: RequestSync | undefined;
  readonly loaders: {
    readonly user: DataLoader<string, User | null, string>;
    readonly roles: DataLoader<string, readonly string[], string>;
  };
}

export function createAccountsContext(deps: {
  reader: AccountReader;
  authorizer: Authorizer;
  subgraph: string;
}): (request: SubgraphRequest) => AccountsContext {
  const { reader, authorizer, subgraph } = deps;
  return ({ identity, requestId, clientAddress, sync }) => ({
    identity,
    authorizer,
    requestId,
    clientAddress,
    sync: createRequestSync(subgraph, sync, undefined),
    loaders: {
      user: createLoader({ load: (ids: readonly string[]) => reader.usersByIds(ids), keyOf: (user) => user.id }),
      roles: new DataLoader<string, readonly string[], string>(async (ids) => {
        const roles = await reader.rolesOf(ids);
        return ids.map((id) => roles.get(id) ?? []);
      }),
    },
  });
}

/** The caller as use cases know them. */
export function actorOf(identity: Identity, { requestId, clientAddress }: Pick<AccountsContext, 'requestId' | 'clientAddress'>): Actor {
  const { userId, sessionId, apiKeyId } = identity;
  return { userId, sessionId, apiKeyId, requestId, address: clientAddress };
}
