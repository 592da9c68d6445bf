// who is calling
export { freezeIdentity, type Identity } from './identity.js';
export { requireIdentity, requireRole, requireScope } from './require.js';
// access tokens
export { readBearerToken } from './bearer-token.js';
export { createTokenVerifier, type TokenVerifier, type TokenVerifierOptions } from './token-verifier.js';
export type { TrustedIssuer } from './trusted-issuer.js';
export type { LocalKeys } from './local-keys.js';
export { discoveredKeys, localKeys, PUBLIC_KEY_ALGORITHMS, publishedKeys, secretKeys, type IssuerKeys } from './issuer-keys.js';
export { signDevelopmentToken, type DevelopmentToken } from './development-token.js';
export type { SecretLike } from './hmac-key.js';
export { tokenRefused, type TokenRefusal } from './token-refused.js';
// access keys and what is taken back
export { API_KEY_PREFIX, isApiKey, type ApiKeyResolver } from './api-key-resolver.js';
export { digestApiKey, hashApiKeySecret, type ApiKeyDigest } from './api-key-digest.js';
export { cacheApiKeys } from './cached-api-keys.js';
export type { RevocableIdentity, Revocation, RevocationKind, RevocationList, RevocationState } from './revocation-list.js';
// who may do what
export type {
  AccessRequest,
  Authorizer,
  Decision,
  DecisionReason,
  ResourceFilter,
  ResourceMatch,
  ResourceRef,
  Subject,
} from './authorize/authorizer.js';
export { forbidden, requirePermission } from './authorize/require-permission.js';
export { createAuthorizer, type AuthorizerOptions, type PolicyAuthorizer } from './authorize/policy-authorizer.js';
export { openAuthorizer, type ProcessAuthorizerOptions } from './authorize/open-authorizer.js';
export { tokenRolesOf, type TokenRoles } from './authorize/token-roles.js';
// its parts, for measurements
export { createCasbinEngine } from './authorize/casbin-engine.js';
export type { CreateRuleEngine, RuleEngine } from './authorize/rule-engine.js';
export { SubjectPolicy, type Situation } from './authorize/subject-policy.js';
// the policy
export {
  ANY,
  EVERYONE,
  reaches,
  type HeldRole,
  type PolicyRule,
  type Reach,
  type ResourceGrant,
  type SubjectFacts,
} from './authorize/policy.js';
export { isPermission, permissionCatalogue, type PermissionCatalogue, type ResourceType } from './authorize/permission-catalogue.js';
export { builtInRoles, builtInRules, COMPANY_OWNER, type BuiltInRole, type RoleScope } from './authorize/built-in-roles.js';
export { createMemoryRevocationList } from './memory-revocation-list.js';
export {
  openSharedRevocationList,
  type RevocationStore,
  type SharedRevocationList,
  type SharedRevocationListOptions,
} from './shared-revocation-list.js';
// where it is read, and how its changes are heard of
export type { PolicyChange, PolicySource } from './authorize/policy-source.js';
export { builtInPolicy, createBuiltInAuthorizer } from './authorize/built-in-source.js';
export { createSqlPolicySource, type PolicyDatabase } from './authorize/sql-policy-source.js';
export { busPolicyEvents, POLICY_CHANGED, POLICY_TOPIC, type PolicyBus, type PolicyEvents } from './authorize/policy-events.js';
// from the gateway to a remote subgraph
export { createNonceMemory, createSharedNonces, type NonceMemory, type NonceStore } from './nonce-memory.js';
export {
  createIdentitySigner,
  createIdentityVerifier,
  hashBody,
  IDENTITY_HEADER,
  signIdentity,
  type IdentitySigner,
  type IdentityVerifier,
  type SignedRequest,
} from './identity-header.js';
// what is written down of it
export {
  auditActor,
  auditOutcomes,
  cleanEntry,
  truncateAddress,
  type AuditActor,
  type AuditDetails,
  type AuditEntry,
  type AuditOutcome,
  type AuditResource,
} from './audit-entry.js';
export type { AuditSink } from './audit-sink.js';
export { createBusAuditSink, type AuditBus, type BusAuditSinkOptions } from './bus-audit-sink.js';
