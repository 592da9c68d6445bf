import type { AbuseCase } from '../abuse-case.ts';
import { accessCases } from './access.ts';
import { apiKeyCases } from './api-keys.ts';
import { batchingCases } from './batching.ts';
import { costCases } from './cost.ts';
import { csrfCases } from './csrf.ts';
import { enumerationCases } from './enumeration.ts';
import { fragmentCases } from './fragments.ts';
import { injectionCases } from './injection.ts';
import { introspectionCases } from './introspection.ts';
import { jsonCases } from './json.ts';
import { passwordCases } from './passwords.ts';
import { recoveryCases } from './recovery.ts';
import { rightsCases } from './rights.ts';
import { secondFactorCases } from './second-factor.ts';
import { sessionCases } from './sessions.ts';
import { smugglingCases } from './smuggling.ts';
import { subgraphCases } from './subgraphs.ts';
import { tokenClaimCases } from './token-claims.ts';
import { tokenCases } from './tokens.ts';
import { transportCases } from './transport.ts';
import { volumeCases } from './volume.ts';

/** The corpus by topic: what the drill sends, in this order. */
export const topics: Readonly<Record<string, readonly AbuseCase[]>> = {
  tokens: tokenCases,
  'claims of tokens': tokenClaimCases,
  sessions: sessionCases,
  passwords: passwordCases,
  recovery: recoveryCases,
  'second factor': secondFactorCases,
  'API keys': apiKeyCases,
  enumeration: enumerationCases,
  rights: rightsCases,
  access: accessCases,
  'subgraphs past the gateway': subgraphCases,
  fragments: fragmentCases,
  'volume of documents': volumeCases,
  cost: costCases,
  batching: batchingCases,
  introspection: introspectionCases,
  injection: injectionCases,
  JSON: jsonCases,
  'cross-site requests': csrfCases,
  smuggling: smugglingCases,
  transport: transportCases,
};

export const allCases: readonly AbuseCase[] = Object.values(topics).flat();
