import { LoomError, StoreError, type StoreErrorKind } from '@loomgraph/core';

/** Fields of the client's errors; several failures come as one with `errors`. */
interface KafkaErrorFields {
  readonly code?: string;
  readonly apiId?: string;
  readonly message?: string;
  readonly errors?: readonly unknown[];
  readonly cause?: unknown;
}

/** Kinds of what the protocol answers, https://kafka.apache.org/protocol.html#protocol_error_codes; the rest passes or needs an operator. */
const kindOfAnswer: Readonly<Record<string, StoreErrorKind>> = {
  MESSAGE_TOO_LARGE: 'constraint',
  RECORD_LIST_TOO_LARGE: 'constraint',
  INVALID_RECORD: 'constraint',
  INVALID_TOPIC_EXCEPTION: 'constraint',
  POLICY_VIOLATION: 'constraint',
  CORRUPT_MESSAGE: 'corrupt',
  REQUEST_TIMED_OUT: 'timeout',
};

/** The deadline of a call passed. */
export class KafkaDeadlineError extends Error {
  readonly code = 'PLT_KFK_TIMEOUT';
}

/** Classifies an error of the client; errors that are classified already pass through. */
export function toKafkaStoreError(error: unknown): LoomError {
  if (error instanceof LoomError) return error;
  const all = [...flatten(error)];
  // Repeated attempts fail with the same words.
  const messages = [...new Set(all.map(({ message }) => message).filter(Boolean))];
  return new StoreError(kindOf(all), 'bus', `Kafka: ${messages.join(': ') || String(error)}`, { cause: error });
}

/** Whether the broker answered with this error, anywhere inside. */
export function isKafkaAnswer(error: unknown, apiId: string): boolean {
  return [...flatten(error)].some((each) => each.apiId === apiId);
}

/** The client replaces the broker's UNKNOWN_TOPIC_OR_PARTITION by an error of its own that only its text tells apart. */
export function isUnknownTopic(error: unknown): boolean {
  return (
    isKafkaAnswer(error, 'UNKNOWN_TOPIC_OR_PARTITION') || [...flatten(error)].some(({ message }) => message?.startsWith('Unknown topic '))
  );
}

function kindOf(errors: readonly KafkaErrorFields[]): StoreErrorKind {
  for (const { apiId } of errors) if (apiId && kindOfAnswer[apiId]) return kindOfAnswer[apiId];
  if (errors.some(({ code }) => code === 'PLT_KFK_TIMEOUT')) return 'timeout';
  return errors.some(({ code }) => code === 'PLT_KFK_USER') ? 'constraint' : 'unavailable';
}

function* flatten(error: unknown): Generator<KafkaErrorFields> {
  if (typeof error !== 'object' || error === null) return;
  const fields = error as KafkaErrorFields;
  yield fields;
  for (const inner of [...(fields.errors ?? []), fields.cause]) yield* flatten(inner);
}
