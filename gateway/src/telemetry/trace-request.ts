import type { OpenSpan, SpanAttributes, Spans } from '@loomgraph/telemetry';
import type { AnswerReport } from '../execution/engine.js';
import type { FetchWatch, RequestWatch, StartedFetch, TraceRequest } from '../execution/request-watch.js';
import type { SubgraphAnswer } from '../execution/subgraph-answer.js';

/** OpenTelemetry: the name of a span whose operation is not known (to be valid). */
const UNKNOWN_OPERATION = 'GraphQL Operation';
const FAULT_STATUS = 400;

/**
 * Traces requests: a server span for the operation, by OpenTelemetry's conventions for GraphQL servers, which continues the trace of the
 * caller; below it one for each stage; below `graphql.execute` a client span for each fetch, which the subgraph's spans continue.
 *
 * A request that shares the execution of an identical one has no fetches in its own trace and is marked as coalesced.
 */
export function createTraceRequest(spans: Spans): TraceRequest {
  return (caller) => {
    const { traceparent, requestId } = caller;
    const root = spans.start(UNKNOWN_OPERATION, { kind: 'server', traceparent, attributes: { 'graphql.request.id': requestId } });
    /** Stages that began and did not end: one that fails stays here. */
    const begun = new Set<OpenSpan>();
    return {
      watch: root.isRecording ? watchIn(root, begun) : undefined,
      caller: { ...caller, traceparent: root.traceparent },
      end(report) {
        for (const stage of begun) {
          stage.fail();
          stage.end();
        }
        if (root.isRecording) root.set(attributesOf(report));
        if (report.outcome === 'error') root.fail(report.errorCodes.join(', '));
        root.end();
      },
    };
  };
}

function watchIn(root: OpenSpan, begun: Set<OpenSpan>): RequestWatch {
  let execution = root;
  return {
    found({ kind, name }, cache) {
      root.rename(kind);
      root.set({
        'graphql.operation.type': kind,
        ...(name === undefined ? {} : { 'graphql.operation.name': name }),
        'graphql.operation.cache': cache,
      });
    },
    begin(stage) {
      const span = root.child(`graphql.${stage}`);
      begun.add(span);
      if (stage === 'execute') execution = span;
      return () => {
        begun.delete(span);
        span.end();
      };
    },
    fetch: (started) => watchFetch(execution, started),
  };
}

function watchFetch(execution: OpenSpan, { node, caller, representations }: StartedFetch): FetchWatch {
  const { subgraph, operationKind, operationName } = node;
  const span = execution.child('graphql.fetch', {
    kind: 'client',
    attributes: {
      'graphql.subgraph.name': subgraph,
      'graphql.operation.type': operationKind,
      ...(operationName === undefined ? {} : { 'graphql.operation.name': operationName }),
      ...(representations === undefined ? {} : { 'graphql.representations': representations }),
    },
  });
  return {
    caller: { ...caller, traceparent: span.traceparent },
    end(answer) {
      span.set(attributesOfAnswer(answer));
      if (answer.kind === 'failed') span.fail(answer.error.message);
      else if ((answer.status ?? 0) >= FAULT_STATUS || (answer.errors?.length ?? 0) > 0) span.fail();
      span.end();
    },
  };
}

function attributesOfAnswer(answer: SubgraphAnswer): SpanAttributes {
  return {
    ...(answer.isShared === undefined ? {} : { 'graphql.fetch.shared': true }),
    ...(answer.status === undefined ? {} : { 'http.response.status_code': answer.status }),
    ...(answer.bytes === undefined ? {} : { 'http.response.body.size': answer.bytes }),
    ...(answer.kind === 'failed' ? { 'error.type': answer.error.code } : { 'graphql.error.count': answer.errors?.length ?? 0 }),
  };
}

function attributesOf({ errorCodes, outcome, work }: AnswerReport): SpanAttributes {
  return {
    'graphql.outcome': outcome,
    ...(errorCodes.length === 0 ? {} : { 'graphql.error.codes': [...errorCodes] }),
    ...(work === undefined ? {} : { 'graphql.coalesced': work.isCoalesced, 'graphql.fetch.count': work.fetches }),
  };
}
