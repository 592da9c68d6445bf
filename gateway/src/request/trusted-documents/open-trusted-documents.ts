import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { LoomError } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { parseManifest, type Manifest } from './manifest.js';
import type { TrustedDocuments, TrustMode } from './trusted-documents.js';

export interface TrustedDocumentsOptions {
  readonly path: string;
  readonly mode: Exclude<TrustMode, 'off'>;
  /** Callers with one of these roles may have anything executed. */
  readonly exemptRoles: readonly string[];
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How often the file is read again, whether a change was noticed or not. */
  readonly pollIntervalMs: number;
}

export interface OpenTrustedDocuments extends TrustedDocuments, AsyncDisposable {
  /** Reads the file now. Never rejects: a file that cannot be used is logged. */
  reload(): Promise<void>;
}

/** Long enough for a copy to finish writing, short enough not to be noticed. */
const SETTLE_MS = 100;

/** Documents of a manifest file, which is followed. @throws LoomError (CONFIG_INVALID) where it cannot be used at the start */
export async function openTrustedDocuments(options: TrustedDocumentsOptions): Promise<OpenTrustedDocuments> {
  const { mode, logger, metrics } = options;
  const path = resolve(options.path);
  const exemptRoles = new Set(options.exemptRoles);
  const failures = metrics.counter('gateway_trusted_documents_failures_total', 'Readings of the manifest that could not be used.');
  failures.inc({}, 0);
  const read = async (): Promise<{ readonly json: string; readonly manifest: Manifest }> => {
    const json = await readFile(path, 'utf8');
    return { json, manifest: parseManifest(json) };
  };
  let current = await read().catch((error: unknown) => {
    throw new LoomError('CONFIG_INVALID', `TRUSTED_DOCUMENTS: ${path} cannot be used: ${(error as Error).message}`, { cause: error });
  });
  metrics.gauge('gateway_trusted_documents', 'Documents of the manifest.', [], (gauge) => gauge.set({}, current.manifest.texts.size));

  const reload = async (): Promise<void> => {
    try {
      const next = await read();
      if (next.json === current.json) return;
      current = next;
      logger.info('Trusted documents taken up', { path, documents: next.manifest.texts.size });
    } catch (error) {
      failures.inc({});
      logger.error('The manifest of trusted documents cannot be used; those known before stay', { path, error });
    }
  };
  const following = follow(path, options.pollIntervalMs, () => void reload());
  return {
    mode,
    find: (id) => current.manifest.byId.get(id),
    isKnown: (text) => current.manifest.texts.has(text),
    isExempt: (identity) => identity?.roles.some((role) => exemptRoles.has(role)) ?? false,
    reload,
    [Symbol.asyncDispose]: async () => following[Symbol.dispose](),
  };
}

/** Watches the folder, as most programs replace a file by another one; polling is the floor where watching does not work. */
function follow(path: string, intervalMs: number, onChange: () => void): Disposable {
  let settling: NodeJS.Timeout | undefined;
  const polling = setInterval(onChange, intervalMs);
  polling.unref();
  const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
    if (name !== null && name !== basename(path) && !name.startsWith('..')) return;
    clearTimeout(settling);
    settling = setTimeout(onChange, SETTLE_MS);
    settling.unref();
  });
  watcher.on('error', () => watcher.close());
  return {
    [Symbol.dispose]() {
      clearInterval(polling);
      clearTimeout(settling);
      watcher.close();
    },
  };
}
