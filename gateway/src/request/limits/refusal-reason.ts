import type { LimitName } from './limit-exceeded.js';

/** Which limit or guard refused a request, beside what is no GraphQL or does not fit the schema. */
export type RefusalReason = LimitName | 'crossSite' | 'duplicateHeader' | 'unknownDocument' | 'untrustedDocument' | 'overload';
