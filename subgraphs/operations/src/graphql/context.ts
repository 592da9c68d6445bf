import type { Authorizer, Identity } from '@loomgraph/auth';

export interface OperationsContext {
  readonly identity: Identity | null;
  /** Asked who may look at and command the product's inner works. */
  readonly authorizer: Authorizer;
  readonly requestId: string;
  readonly clientAddress: string | undefined;
}
