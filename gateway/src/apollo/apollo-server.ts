import { AsyncLocalStorage } from 'node:async_hooks';
import { ApolloServer, type ApolloServerPlugin, type BaseContext } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled, ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import type { FastifyInstance } from 'fastify';
import type { IntrospectionSetting } from '../authorization/introspection-setting.js';
import type { LiveEngine } from '../execution/create-engine.js';
import { createLandingPage, type LandingPage } from '../http/landing-page.js';
import { createErrorFormatter } from './apollo-error-formatter.js';
import { toApolloLogger } from './apollo-logger.js';
import { registerApolloRoute, type ApolloRouteDeps } from './apollo-route.js';
import type { ApolloScope } from './apollo-scope.js';
import { toApolloGateway } from './engine-gateway.js';
import { createOperationPlugin } from './operation-plugin.js';

export interface ApolloServerDeps extends Omit<ApolloRouteDeps, 'apollo' | 'scopes'> {
  readonly engine: LiveEngine;
  readonly plugins: readonly ApolloServerPlugin[];
  readonly settings: {
    readonly landingPage: LandingPage | undefined;
    readonly csrfPrevention: boolean;
    readonly engine: { readonly introspection: IntrospectionSetting };
  };
}

/**
 * Serves `/graphql` through Apollo Server over our engine, so that its plugins see every request. It costs several times the CPU of the
 * gateway's own front: Apollo Server parses and validates every operation again, and handles answers as objects.
 */
export async function registerApolloServer(app: FastifyInstance, deps: ApolloServerDeps): Promise<AsyncDisposable> {
  const { engine, logger, settings } = deps;
  const scopes = new AsyncLocalStorage<ApolloScope>();
  const currentScope = (): ApolloScope | undefined => scopes.getStore();
  const apollo = new ApolloServer<BaseContext>({
    gateway: toApolloGateway(engine, currentScope),
    logger: toApolloLogger(logger),
    // Who may is asked again by the engine, which knows the caller.
    introspection: settings.engine.introspection !== 'off',
    hideSchemaDetailsFromClientErrors: settings.engine.introspection !== 'public',
    csrfPrevention: settings.csrfPrevention,
    // Apollo would otherwise decide these two by NODE_ENV and by itself.
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: createErrorFormatter({ logger, currentScope }),
    plugins: [
      createOperationPlugin({ logger, currentScope }),
      landingPagePlugin(settings.landingPage),
      ApolloServerPluginUsageReportingDisabled(),
      ...deps.plugins,
    ],
  });
  await apollo.start();
  registerApolloRoute(app, { ...deps, apollo, scopes });
  return { [Symbol.asyncDispose]: () => apollo.stop() };
}

function landingPagePlugin(page: LandingPage | undefined): ApolloServerPlugin {
  if (page === undefined) return ApolloServerPluginLandingPageDisabled();
  const html = createLandingPage(page);
  return {
    async serverWillStart() {
      return { renderLandingPage: async () => ({ html }) };
    },
  };
}
