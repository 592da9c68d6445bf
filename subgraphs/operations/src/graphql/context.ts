import type { Identity } from '@loomgraph/auth';

export interface OperationsContext {
  readonly identity: Identity | null;
  readonly requestId: string;
  readonly clientAddress: string | undefined;
}

/** Who may look at and command the product's inner works. */
export const ADMIN = 'admin';
