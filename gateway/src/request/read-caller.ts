import type { Identity } from '@loomgraph/auth';
import type { IncomingMessage } from 'node:http';
import type { Cancellation } from '../execution/cancellation.js';
import type { Caller } from '../execution/engine.js';
import type { AuditDenials } from './audit-denials.js';
import type { ClientAddress } from './client-address.js';
import { createHeaderPicker } from './forwarded-headers.js';
import type { Identify } from './identity.js';
import type { RequestScope } from './request-scope.js';

export interface ReadCallerDeps {
  readonly identify: Identify;
  /** Names of the client's headers that subgraphs are sent, too. */
  readonly forwardedHeaders: readonly string[];
  /** Where a request came from; subgraphs are told. */
  readonly clientAddress?: ClientAddress;
  /** Undefined: nobody writes down what is denied here. */
  readonly auditDenials?: AuditDenials | undefined;
}

/** An HTTP request and what is known of it from its beginning. */
export interface ScopedRequest {
  readonly request: IncomingMessage;
  readonly scope: RequestScope;
  /** Undefined: runs to its end whatever happens. */
  readonly cancellation?: Cancellation | undefined;
}

export interface ReadCaller {
  /** Null for who brings nothing; rejects with what is wrong with what they bring. */
  identityOf(scoped: ScopedRequest): Promise<Identity | null> | null;
  callerOf(scoped: ScopedRequest, identity: Identity | null): Caller;
}

/** Who asks, over HTTP. */
export function createReadCaller({ identify, forwardedHeaders, clientAddress, auditDenials }: ReadCallerDeps): ReadCaller {
  const pickHeaders = createHeaderPicker(forwardedHeaders);
  return {
    identityOf({ request, scope }) {
      const identity = identify(request.headers);
      if (auditDenials === undefined || identity === null) return identity;
      return identity.catch((error: unknown) => {
        auditDenials.refused(error, { requestId: scope.requestId, clientAddress: clientAddress?.(request) });
        throw error;
      });
    },
    callerOf(scoped, identity) {
      const { request, scope } = scoped;
      const { requestId, traceparent } = scope;
      return {
        identity,
        requestId,
        traceparent,
        clientAddress: clientAddress?.(request),
        forwardedHeaders: pickHeaders(request.headers),
        cancellation: scoped.cancellation,
      };
    },
  };
}
