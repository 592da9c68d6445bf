import type { GraphQLFormattedError } from 'graphql';
import type { PartPayload } from '../../explain/record-parts.js';
import type { RaisedError } from '../../request/mask-errors.js';
import type { RequestWatch } from '../request-watch.js';
import { internalError } from '../fetch-call.js';
import type { EngineRequest } from '../engine.js';
import { OperationRun } from '../operation-run.js';
import { completeFirstPart, completeLaterFields } from './complete-fields.js';
import { FIRST_PART } from './defer-sets.js';
import { createFieldCollector } from './deferred-fields.js';
import type { DeferredOperation } from './deferred-operation.js';
import { Delivery } from './delivery.js';
import { isWithin, PartErrors } from './part-errors.js';
import { PartStream } from './part-stream.js';
import { LabelProgress } from './label-progress.js';
import { runDeferPlan } from './run-defer-plan.js';

export interface PartsOptions {
  readonly operation: DeferredOperation;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly request: EngineRequest;
  readonly watch: RequestWatch | undefined;
  readonly show: (error: RaisedError) => GraphQLFormattedError;
  /** Called for the fetches of each part before they begin. */
  readonly onRun: (run: OperationRun) => void;
  /** Called with each payload. */
  readonly onPayload: ((payload: PartPayload) => void) | undefined;
  /** Answers the extensions of the last payload, as JSON text. */
  readonly extensions: (() => Promise<string>) | undefined;
  /** Called once, when nothing more will be fetched or sent for this answer. */
  readonly onEnd: () => void;
}

/** The first part of an answer, and the others where there are any. */
export interface PartsAnswer {
  readonly data: string;
  readonly errors: readonly GraphQLFormattedError[];
  /** Of an answer that is whole with its first part; others have them in their last part. */
  readonly extensions?: string | undefined;
  /** Payloads as JSON texts, the first one included; undefined where the first part is the whole answer. */
  readonly parts: AsyncIterable<string> | undefined;
}

/** Runs an operation with deferred parts; resolves when its first part is there. */
export function answerInParts(options: PartsOptions): Promise<PartsAnswer> {
  const { operation, variables, request, watch, show, onRun, onPayload, onEnd } = options;
  const { schema, root, expanded, plan, keys } = operation;
  const first = Promise.withResolvers<PartsAnswer>();
  const errors = new PartErrors();
  const data = {};
  let isEnded = false;
  const end = (): void => {
    if (isEnded) return;
    isEnded = true;
    onEnd();
  };
  const stream = new PartStream(end);
  const deps = {
    schema,
    fields: createFieldCollector({ schema, expanded, variables }),
    dataKeyOf: keys.dataKeyOf,
    introspection: valuesOf(operation.introspect(variables, request.variables).texts),
  };
  const delivery = new Delivery({ complete: (fields) => completeLaterFields(deps, fields, data), errors, show });
  const progress = new LabelProgress(operation);
  let isFirstSent = false;

  const withClientPaths = (raised: readonly RaisedError[]): readonly RaisedError[] =>
    raised.map((error) =>
      error.path === undefined
        ? error
        : { ...error, path: error.path.map((key) => (typeof key === 'string' ? keys.responseKeyOf(key) : key)) },
    );

  const sendFirst = (run: OperationRun): void => {
    errors.add(withClientPaths(run.errors), FIRST_PART);
    const part = completeFirstPart(deps, root, data);
    const unexplained = part.violations.filter(({ path }) => !errors.explains(path ?? []));
    const ofFirst = errors.takeIf(({ path }) => path === undefined || !part.later.some((fields) => isWithin(path, fields)));
    const shown = [...ofFirst, ...unexplained].map(show);
    delivery.expect(part.later);
    const pending = delivery.announce();
    isFirstSent = true;
    const text = JSON.stringify(part.data ?? null);
    onPayload?.({ pending });
    if (pending.length === 0) {
      withExtensions((extensions) => {
        end();
        first.resolve({ data: text, errors: shown, extensions, parts: undefined });
      });
      return;
    }
    const shownText = shown.length === 0 ? '' : `"errors":${JSON.stringify(shown)},`;
    stream.push(`{${shownText}"data":${text},"pending":${JSON.stringify(pending)},"hasNext":true}`);
    first.resolve({ data: text, errors: shown, parts: stream });
    sendNext();
  };

  const sendNext = (): void => {
    if (!isFirstSent || isEnded) return;
    const payload = delivery.next();
    if (payload === undefined) return;
    onPayload?.(payload);
    const text = JSON.stringify(payload);
    if (payload.hasNext) {
      stream.push(text);
      return;
    }
    withExtensions((extensions) => {
      stream.push(extensions === undefined ? text : `${text.slice(0, -1)},"extensions":${extensions}}`);
      stream.end();
      end();
    });
  };

  const withExtensions = (finish: (extensions: string | undefined) => void): void => {
    if (options.extensions === undefined) finish(undefined);
    else void options.extensions().then(finish, fail);
  };

  /** A fault of ours in a part must not leave the client waiting. */
  const fail = (error: unknown): void => {
    end();
    if (isFirstSent) stream.fail(error instanceof Error ? error : new Error(String(error)));
    first.resolve({ data: 'null', errors: [show(internalError(error))], parts: undefined });
  };

  const guard = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      fail(error);
    }
  };

  runDeferPlan(plan, {
    isCancelled: () => isEnded,
    openRun() {
      const run = new OperationRun(variables, request.caller, watch);
      run.data = data;
      onRun(run);
      return run;
    },
    onFirstPart: (run) =>
      guard(() => {
        for (const usage of progress.firstPart()) delivery.setReady(usage);
        sendFirst(run);
      }),
    onPart: (label, run) =>
      guard(() => {
        errors.add(withClientPaths(run.errors), progress.setOf(label));
        for (const usage of progress.part(label)) delivery.setReady(usage);
        sendNext();
      }),
  });
  return first.promise;
}

function valuesOf(texts: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, JSON.parse(text) as unknown]));
}
