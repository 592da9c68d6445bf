import { LoomError } from '@loomgraph/core';

/** What of the gateway's parts and settings Apollo Server does not serve. */
interface Asked {
  readonly trustedDocuments?: unknown;
  readonly admit?: unknown;
  readonly auditSink?: unknown;
  readonly settings: {
    readonly cors?: { readonly origins: readonly string[] };
    readonly batching: unknown;
    readonly forwardedHeaders: readonly string[];
  };
}

/**
 * What the gateway's own front does and Apollo Server does not must not be asked of it: a list of trusted documents that nobody reads is worse than none.
 * @throws LoomError CONFIG_INVALID
 */
export function refuseUnserved({ trustedDocuments, admit, auditSink, settings }: Asked): void {
  const asked: Readonly<Record<string, boolean>> = {
    trustedDocuments: trustedDocuments !== undefined,
    admit: admit !== undefined,
    auditSink: auditSink !== undefined,
    'settings.cors': (settings.cors?.origins ?? []).length > 0,
    'settings.batching': settings.batching !== undefined,
    'settings.forwardedHeaders': settings.forwardedHeaders.length > 0,
  };
  const unserved = Object.keys(asked).filter((name) => asked[name]);
  if (unserved.length === 0) return;
  throw new LoomError(
    'CONFIG_INVALID',
    `With apolloPlugins Apollo Server answers requests, which does not serve ${unserved.join(', ')}: leave these out, or apolloPlugins.`,
  );
}
