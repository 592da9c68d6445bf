import { LoomError } from '@loomgraph/core';
import { toUnitVector } from '../vector.js';
import { UnreadableAnswer } from './classify.js';

/**
 * The vectors of an answer in the order of the texts, length 1.
 * @throws UnreadableAnswer when it has another form; LoomError AI_PROVIDER_REJECTED when there are not as many vectors as texts, or they
 *   have other dimensions, for then model and configuration do not go together
 */
export function readAnswer(answer: unknown, expected: { model: string; dimensions: number; count: number }): number[][] {
  const { model, dimensions, count } = expected;
  const items = (answer as { data?: unknown } | null)?.data;
  if (!Array.isArray(items)) throw new UnreadableAnswer('There is no list of embeddings.');
  if (items.length !== count) {
    throw mismatch(model, `${count} texts were sent and ${items.length} vectors came back`, {
      expectedCount: count,
      actualCount: items.length,
    });
  }
  const vectors: (number[] | undefined)[] = Array.from({ length: count });
  for (const item of items as readonly unknown[]) {
    const { index, embedding } = (item ?? {}) as { index?: unknown; embedding?: unknown };
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= count) {
      throw new UnreadableAnswer(`An embedding has the index ${String(index)}.`);
    }
    if (!Array.isArray(embedding) && !(embedding instanceof Float32Array))
      throw new UnreadableAnswer('An embedding is no list of numbers.');
    if (embedding.length !== dimensions) {
      throw mismatch(model, `its vectors have ${embedding.length} dimensions where ${dimensions} are configured`, {
        expectedDimensions: dimensions,
        actualDimensions: embedding.length,
      });
    }
    vectors[index] = toUnitVector(embedding);
  }
  return vectors.map((vector) => {
    if (vector === undefined) throw new UnreadableAnswer('An embedding is missing, zero or not finite.');
    return vector;
  });
}

function mismatch(model: string, what: string, details: Record<string, unknown>): LoomError {
  return new LoomError('AI_PROVIDER_REJECTED', `The answer of ${model} does not fit: ${what}.`, { details: { model, ...details } });
}
