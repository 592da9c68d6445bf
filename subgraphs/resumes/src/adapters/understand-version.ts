import type { Clock } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { TaskHandler } from '@loomgraph/sync';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import type { EntityManager } from '@mikro-orm/sql';
import type { ResumeFiles } from '../domain/ports.js';
import type { Understand } from '../domain/understanding/understand.js';
import { EXTRACTOR, Unreadable, type Understanding } from '../domain/understanding/understanding.js';
import { ResumeVersionEntity } from '../store/entities.js';
import { wakeSuggestions } from '../store/suggestions.js';
import { saveUnderstanding } from '../store/understandings.js';

type Outcome = Pick<Understanding, 'state' | 'reason' | 'text' | 'jsonResume' | 'analysis'>;
const nothing = { text: null, jsonResume: null, analysis: null };

/**
 * Looks at a version once it is there. What it finds and the end of the task are one transaction: a process that is killed meanwhile leaves the task
 * for another, and nothing is written twice. A file that cannot be read is an outcome, not a failure.
 */
export function understandVersion(deps: {
  readonly store: RelationalStore;
  readonly files: ResumeFiles;
  readonly understand: Understand;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told once what was found is committed. */
  readonly onUnderstood: () => void;
}): TaskHandler {
  const { store, files, understand, clock, logger, metrics, onUnderstood } = deps;
  const outcomes = metrics.counter('resumes_understood_total', 'Versions that were looked at, by outcome.', ['outcome']);
  const write = async (em: EntityManager, versionId: string, outcome: Outcome): Promise<void> => {
    // Deleted meanwhile: what would be written is nobody's.
    const isKept = await saveUnderstanding(em, store, versionId, { ...outcome, extractor: EXTRACTOR, updatedAt: clock.now() });
    if (!isKept) return;
    await wakeSuggestions(store, em, versionId);
    outcomes.inc({ outcome: outcome.state });
  };
  const look = async (content: Uint8Array, contentType: string, versionId: string, signal: AbortSignal): Promise<Outcome> => {
    try {
      const understood = await understand({ content, contentType }, signal);
      if (understood.kind === 'needs-ocr') return { ...nothing, state: 'needs-ocr', reason: null };
      const { text, jsonResume, analysis } = understood;
      return { state: 'done', reason: null, text, jsonResume, analysis };
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      logger.warn('A version cannot be read.', { versionId, reason: error.reason, error });
      return { ...nothing, state: 'failed', reason: error.reason };
    }
  };
  return {
    maxAttempts: 3,
    async run({ key: versionId }, { signal, finish }) {
      const version = await store.read().findOne(ResumeVersionEntity, { id: versionId });
      const content = version && (await files.kept(version.objectKey));
      if (!version || !content) return;
      const outcome = await look(content, version.contentType, versionId, signal);
      await finish((em) => write(em, versionId, outcome));
      onUnderstood();
    },
    gaveUp: (em, { key }) => write(em, key, { ...nothing, state: 'failed', reason: 'internal' }),
  };
}
