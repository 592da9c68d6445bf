import { LoomError } from '@loomgraph/core';
import type { EngineRequest } from '../execution/engine.js';
import type { OpenSubgraphStream } from '../subgraphs/subgraph-streams.js';
import type { Binding } from './binding.js';
import { readPosition, writePosition } from './event-position.js';
import { resumeExpired, type EventTopics } from './event-topics.js';
import type { Occurrence } from './run-event.js';
import { passesFilter, representationOf } from './topic-rule.js';
import type { TopicEvent } from './topic-event.js';

/** One event of a subscription that is to be answered. */
export interface SourceEvent {
  /** Where a client may go on; undefined where nothing is kept. */
  readonly id: string | undefined;
  readonly occurrence: Occurrence;
  readonly bytes: number;
}

/** Takes the events of a subscription; nothing is called after `ended` or `failed`. */
export interface SourceSink {
  event(event: SourceEvent): void;
  /** One that can wait until there is room. */
  past(event: SourceEvent): Promise<void>;
  ended(): void;
  failed(error: unknown): void;
}

export interface OpenedSource {
  close(): void;
}

export interface SourceDeps {
  /** Undefined where this process has no bus. */
  readonly topics: EventTopics | undefined;
  readonly openStream: OpenSubgraphStream;
}

/**
 * Begins to listen to what a subscription is about. `current` is asked for each event, since filters may change with the schema.
 * @throws LoomError CAPABILITY_NOT_CONFIGURED where there is no bus, SUBSCRIPTION_RESUME_EXPIRED, BAD_REQUEST; StoreError; what a subgraph says
 */
export async function openSource(
  binding: Binding,
  options: {
    readonly current: () => Binding;
    readonly request: EngineRequest;
    readonly sink: SourceSink;
    readonly lastEventId: string | undefined;
  },
  { topics, openStream }: SourceDeps,
): Promise<OpenedSource> {
  const { source, generation, variables } = binding;
  const { request, sink, lastEventId } = options;
  if (source.kind === 'subgraph') {
    // Nobody keeps what its subgraph told others meanwhile.
    if (lastEventId !== undefined) throw resumeExpired();
    const { fetch } = source;
    const subgraph = generation.sources.get(fetch.subgraph);
    if (subgraph === undefined) throw new LoomError('INTERNAL_SERVER_ERROR', `The subgraph "${fetch.subgraph}" is not there.`);
    return openStream({
      source: subgraph,
      operation: fetch,
      variables: Object.fromEntries(fetch.variables.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]]))),
      caller: request.caller,
      sink: {
        event: (answer, bytes) => sink.event({ id: undefined, occurrence: { kind: 'answer', answer }, bytes }),
        ended: () => sink.ended(),
        failed: (error) => sink.failed(error),
      },
    });
  }
  if (topics === undefined) {
    throw new LoomError('CAPABILITY_NOT_CONFIGURED', `"${source.rule.field}" takes its events from a bus, and this gateway has none.`);
  }
  const wanted = (event: TopicEvent): SourceEvent | undefined => toSourceEvent(event, options.current());
  return topics.follow(source.rule.topic, {
    after: lastEventId === undefined ? undefined : readPosition(lastEventId),
    onEvent(event) {
      const found = wanted(event);
      if (found !== undefined) sink.event(found);
    },
    async onPast(event) {
      const found = wanted(event);
      if (found !== undefined) await sink.past(found);
    },
    onFailure: (error) => sink.failed(error),
  });
}

/** Whether a newer binding can go on with the source of an earlier one. */
export function isSameSource(one: Binding, other: Binding): boolean {
  const [a, b] = [one.source, other.source];
  if (a.kind === 'topic') return b.kind === 'topic' && a.rule.topic === b.rule.topic;
  if (b.kind === 'topic' || a.fetch.subgraph !== b.fetch.subgraph || a.fetch.operation !== b.fetch.operation) return false;
  const [before, after] = [one, other].map(({ generation }) => generation.sources.get(a.fetch.subgraph));
  if (before?.kind === 'local') return after?.kind === 'local' && before.subgraph === after.subgraph;
  return after?.kind === 'remote' && before?.url === after.url;
}

function toSourceEvent(event: TopicEvent, { source, given }: Binding): SourceEvent | undefined {
  if (source.kind !== 'topic') return undefined;
  const { rule } = source;
  if (rule.types !== undefined && (event.type === undefined || !rule.types.has(event.type))) return undefined;
  if (!passesFilter(rule, event.payload, given)) return undefined;
  const representation = representationOf(rule, event.payload);
  if (representation === undefined) return undefined;
  return { id: writePosition(event), occurrence: { kind: 'entity', representation, syncToken: event.syncToken }, bytes: event.bytes };
}
