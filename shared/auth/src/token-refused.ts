import { LoomError } from '@loomgraph/core';
import { errors } from 'jose';

/** Why a token was refused; `details.reason` of the error. */
export type TokenRefusal =
  | 'missing'
  | 'malformed'
  | 'algorithm'
  | 'bad-signature'
  | 'expired'
  | 'not-yet-valid'
  | 'wrong-issuer'
  | 'wrong-audience'
  | 'claims'
  | 'other-body'
  | 'replayed'
  | 'ambiguous'
  | 'unknown'
  | 'revoked';

const sentences: Record<TokenRefusal, string> = {
  missing: 'is missing',
  malformed: 'is malformed',
  algorithm: 'is signed with an algorithm that is not accepted here',
  'bad-signature': 'has a signature that does not fit',
  expired: 'has expired',
  'not-yet-valid': 'is not valid yet',
  'wrong-issuer': 'comes from another issuer',
  'wrong-audience': 'was issued for another audience',
  claims: 'lacks a claim that is needed here, or has it in another form',
  'other-body': 'belongs to another request',
  replayed: 'was used before',
  ambiguous: 'comes with an API key: send one of the two',
  unknown: 'is not valid: unknown, expired or revoked',
  revoked: 'was taken back',
};

/** The error of a refused token. It says which rule failed and nothing of the token: no claims, no cause. */
export function tokenRefused(subject: 'access token' | 'API key' | 'identity header', reason: TokenRefusal): LoomError {
  return new LoomError('UNAUTHENTICATED', `The ${subject} ${sentences[reason]}.`, { details: { reason } });
}

/** Maps what jose throws for a token; undefined when the token is not what failed. */
export function refusalOf(error: unknown): TokenRefusal | undefined {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return refusalOfClaim(error.claim);
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad-signature';
  // The token names a key that the issuer does not publish: nobody we trust has signed it.
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'bad-signature';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid || error instanceof errors.JOSENotSupported)
    return 'malformed';
  return undefined;
}

function refusalOfClaim(claim: string): TokenRefusal {
  if (claim === 'iss') return 'wrong-issuer';
  if (claim === 'aud') return 'wrong-audience';
  if (claim === 'nbf' || claim === 'iat') return 'not-yet-valid';
  return 'claims';
}
