import type { GatewayInterface, GatewayExecutor } from '@apollo/server-gateway-interface';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { LiveEngine } from '../execution/create-engine.js';
import type { Caller } from '../execution/engine.js';
import type { ApolloScope } from './apollo-scope.js';

interface ExecutedBody {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Record<string, unknown>;
}

/** Errors the engine has masked and logged: Apollo Server's formatter passes them on as they are. */
const answered = new WeakSet<GraphQLError>();

export function isAnswered(error: GraphQLError): boolean {
  return answered.has(error);
}

/** The engine as Apollo Server's `gateway`. The context of a request is its caller; status and headers of an answer go to the request's scope. */
export function toApolloGateway(engine: LiveEngine, currentScope: () => ApolloScope | undefined): GatewayInterface {
  const executor: GatewayExecutor = async ({ request, context }) => {
    const { query = '', operationName, variables, extensions } = request;
    const answer = await engine.execute({
      query,
      operationName,
      variables,
      extensions,
      // Apollo Server has refused mutations over GET already.
      readOnly: false,
      acceptsIncremental: false,
      caller: context as Caller, // Apollo types the context of every request as an open record; ours is set in apollo-route.ts
    });
    if (answer.kind === 'incremental' || answer.kind === 'live') throw new Error('Apollo Server does not ask for answers in parts.');
    const scope = currentScope();
    if (scope) scope.headers = answer.headers;
    switch (answer.kind) {
      case 'refused':
        if (scope) {
          scope.refusal = answer.report.refusal;
          for (const code of answer.report.errorCodes) scope.errorCodes.add(code);
        }
        return {
          errors: answer.errors.map((error) => toError({ ...error, extensions: { ...error.extensions, http: { status: answer.status } } })),
        };
      default: {
        // written by the engine
        const { errors, ...rest } = JSON.parse(answer.body) as ExecutedBody;
        return errors === undefined ? rest : { ...rest, errors: errors.map(toError) };
      }
    }
  };
  return {
    load: async () => ({ executor }),
    onSchemaLoadOrUpdate(take) {
      take({ apiSchema: engine.apiSchema(), coreSupergraphSdl: '' });
      return engine.onSchema((apiSchema) => take({ apiSchema, coreSupergraphSdl: '' }));
    },
    stop: async () => {},
  };
}

function toError({ message, path, extensions }: GraphQLFormattedError): GraphQLError {
  const error = new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null });
  answered.add(error);
  return error;
}
