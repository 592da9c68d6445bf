import { API_KEY_PREFIX, type ApiKeyDigest, type Identity } from '@loomgraph/auth';
import { Arg, Ctx, Directive, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { ApiKey as ApiKeyRecord, ApiKeys } from '../../domain/security/api-keys.js';
import { actorOf, type AccountsContext } from '../context.js';
import { ApiKey, ApiKeyIdentity, ApiKeyPayload, CreateApiKeyInput, CreateApiKeyPayload } from './api-key.type.js';
import { requirePerson } from './require-person.js';

interface ApiKeyGraphqlDependencies {
  /** The use cases for a caller, who can give away only what they may do. */
  readonly keysOf: (identity: Identity) => ApiKeys;
  /** Who a key speaks for; null for one that is good for nothing. */
  readonly find: (digest: ApiKeyDigest) => Promise<Identity | null>;
}

/** API keys for integrators. */
@Resolver()
export class ApiKeyGraphqlResolver {
  readonly #keysOf: ApiKeyGraphqlDependencies['keysOf'];
  readonly #find: ApiKeyGraphqlDependencies['find'];

  constructor({ keysOf, find }: ApiKeyGraphqlDependencies) {
    this.#keysOf = keysOf;
    this.#find = find;
  }

  @Query(() => [ApiKey], { description: "The caller's API keys, newest first, ended ones among them; at most 100." })
  async apiKeys(@Ctx() context: AccountsContext): Promise<readonly ApiKey[]> {
    const identity = requirePerson(context);
    return (await this.#keysOf(identity).list(identity.userId)).map(toApiKey);
  }

  /** No operation of a client can have this field; the server of the subgraph refuses whom the gateway did not sign for. */
  @Directive('@inaccessible')
  @Query(() => ApiKeyIdentity, {
    nullable: true,
    description: 'Who a key speaks for, by its id and the SHA-256 of its secret; null for one that is good for nothing. For the gateway.',
  })
  async apiKeyIdentity(
    @Arg('id', () => ID) id: string,
    @Arg('secretHash', () => String) secretHash: string,
  ): Promise<ApiKeyIdentity | null> {
    return this.#find({ id, secretHash });
  }

  @Mutation(() => CreateApiKeyPayload, { description: 'Makes an API key. The key itself is shown this once.' })
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput) { name, scopes, expiresInDays }: CreateApiKeyInput,
    @Ctx() context: AccountsContext,
  ): Promise<CreateApiKeyPayload> {
    const identity = requirePerson(context);
    const command = { name, scopes, expiresInDays: expiresInDays ?? undefined };
    const { apiKey, key } = await this.#keysOf(identity).create(command, actorOf(identity, context));
    return { key, apiKey: toApiKey(apiKey) };
  }

  @Mutation(() => ApiKeyPayload, { description: 'Revokes an API key, for good: the caller’s, or anybody’s for administrators.' })
  async revokeApiKey(@Arg('id', () => ID) id: string, @Ctx() context: AccountsContext): Promise<ApiKeyPayload> {
    const identity = requirePerson(context);
    const { allowed } = await context.authorizer.check(identity, 'revoke', { type: 'api-key' });
    const of = allowed ? undefined : identity.userId;
    return { apiKey: toApiKey(await this.#keysOf(identity).revoke(id, of, actorOf(identity, context))) };
  }
}

function toApiKey({ userId: _whose, ...key }: ApiKeyRecord): ApiKey {
  return { ...key, prefix: `${API_KEY_PREFIX}${key.id}` };
}
