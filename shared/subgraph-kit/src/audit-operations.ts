import { ANY, auditActor, type AuditEntry, type AuditSink, type Authorizer, type Identity } from '@loomgraph/auth';
import { LoomError, systemClock, type Clock } from '@loomgraph/core';
import { defaultFieldResolver, type GraphQLObjectType, type GraphQLSchema } from 'graphql';

/** What of a request's context is written down. */
export interface AuditedContext {
  readonly identity: Identity | null;
  readonly requestId?: string | undefined;
  readonly clientAddress?: string | undefined;
}

export interface AuditOperationsOptions {
  readonly sink: Pick<AuditSink, 'record'>;
  /**
   * Says who is an administrator: their mutations are written down, and those of API keys, besides what is denied. Undefined leaves those to the use
   * cases, which write them with their own transaction.
   */
  readonly authorizer: Pick<Authorizer, 'check'> | undefined;
  readonly subgraph: string;
  readonly clock?: Clock;
}

const DENIED: ReadonlySet<string> = new Set(['FORBIDDEN', 'UNAUTHENTICATED']);
const MAX_IDS = 8;

/** Has the root fields of a schema tell the audit log who was denied what and, where wanted, what administrators did. However the schema is executed. */
export function auditOperations(schema: GraphQLSchema, options: AuditOperationsOptions): void {
  for (const type of [schema.getQueryType(), schema.getMutationType()])
    if (type) auditFields(type, type === schema.getMutationType(), options);
}

function auditFields(type: GraphQLObjectType, isMutation: boolean, options: AuditOperationsOptions): void {
  const { sink, authorizer, subgraph, clock = systemClock } = options;
  for (const [name, field] of Object.entries(type.getFields())) {
    // Of the federation itself: asked by the gateway alone.
    if (name.startsWith('_')) continue;
    const resolve = field.resolve ?? defaultFieldResolver;
    const entryOf = (context: AuditedContext, args: object, rest: Pick<AuditEntry, 'outcome' | 'reason'>): AuditEntry => ({
      actor: auditActor(context.identity, context.clientAddress),
      action: `${isMutation ? 'mutation' : 'query'}.${name}`,
      resource: { type: type.name, id: name },
      occurredAt: clock.now(),
      ...(context.requestId === undefined ? {} : { requestId: context.requestId }),
      details: { subgraph, ...idsOf(args) },
      ...rest,
    });
    field.resolve = (source, args: object, context: AuditedContext, info) => {
      const denied = (error: unknown): void => {
        if (error instanceof LoomError && DENIED.has(error.code))
          sink.record(entryOf(context, args, { outcome: 'denied', reason: error.code }));
      };
      const done = (): void => {
        const { identity } = context;
        if (!isMutation || authorizer === undefined || identity === null) return;
        const entry = entryOf(context, args, { outcome: 'allowed' });
        // No request waits for it.
        void isAdministration(identity, authorizer).then((isOne) => isOne && sink.record(entry));
      };
      return observed(() => resolve(source, args, context, info), done, denied);
    };
  }
}

/** Whether a caller acts with a key, or may do everything, whatever a token says of it. Who cannot be told apart now is written down, too. */
async function isAdministration(identity: Identity, authorizer: Pick<Authorizer, 'check'>): Promise<boolean> {
  if (identity.apiKeyId !== undefined) return true;
  try {
    return (await authorizer.check(identity, ANY, { type: ANY })).allowed;
  } catch {
    return true;
  }
}

/** Runs a resolver, which answers at once or later, and tells how it ended. */
function observed(run: () => unknown, done: () => void, failed: (error: unknown) => void): unknown {
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    failed(error);
    throw error;
  }
  if (result instanceof Promise) return observedLater(result, done, failed);
  done();
  return result;
}

async function observedLater(running: Promise<unknown>, done: () => void, failed: (error: unknown) => void): Promise<unknown> {
  let value: unknown;
  try {
    value = await running;
  } catch (error) {
    failed(error);
    throw error;
  }
  done();
  return value;
}

/** The ids among the arguments, one level deep: `id`, `input.templateId`. Nothing else of what people sent is written down. */
function idsOf(args: object): Readonly<Record<string, string>> {
  const ids: [string, string][] = [];
  for (const [name, value] of Object.entries(args)) {
    if (isId(name, value)) ids.push([name, value]);
    else if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [inner, text] of Object.entries(value)) if (isId(inner, text)) ids.push([inner, text]);
  }
  return Object.fromEntries(ids.slice(0, MAX_IDS));
}

function isId(name: string, value: unknown): value is string {
  return /^id$|Id$/.test(name) && typeof value === 'string';
}
