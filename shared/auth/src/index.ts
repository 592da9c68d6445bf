// who is calling
export type { Identity } from './identity.js';
export { requireIdentity, requireRole, requireScope } from './require.js';
// access tokens
export { readBearerToken } from './bearer-token.js';
export { createTokenVerifier, type TokenVerifier, type TokenVerifierOptions } from './token-verifier.js';
export { signDevelopmentToken, type DevelopmentToken } from './development-token.js';
export type { SecretLike } from './hmac-key.js';
export type { TokenRefusal } from './token-refused.js';
// access keys and what is taken back
export { API_KEY_PREFIX, isApiKey, type ApiKeyResolver } from './api-key-resolver.js';
export type { RevocableIdentity, Revocation, RevocationKind, RevocationList, RevocationState } from './revocation-list.js';
// from the gateway to a remote subgraph
export {
  createIdentitySigner,
  createIdentityVerifier,
  hashBody,
  IDENTITY_HEADER,
  signIdentity,
  type IdentitySigner,
  type IdentityVerifier,
} from './identity-header.js';
