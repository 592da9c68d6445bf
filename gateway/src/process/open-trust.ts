import type { Logger, Metrics } from '@loomgraph/telemetry';
import type { GatewayConfig } from '../config.js';
import { openTrustedDocuments, type OpenTrustedDocuments } from '../request/trusted-documents/open-trusted-documents.js';

/** The documents of `TRUSTED_DOCUMENTS`; undefined where it is not set or not to be used. @throws LoomError (CONFIG_INVALID) */
export async function openTrust(options: {
  readonly trust: GatewayConfig['trust'];
  readonly pollIntervalMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): Promise<OpenTrustedDocuments | undefined> {
  const { trust, ...rest } = options;
  const { manifest: path, mode, exemptRoles } = trust;
  return path === undefined || mode === 'off' ? undefined : openTrustedDocuments({ path, mode, exemptRoles, ...rest });
}
