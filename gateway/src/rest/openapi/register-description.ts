import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { ServedRoutes } from '../served-routes.js';
import { describeRoutes } from './describe.js';
import type { JsonSchema } from './json-schema.js';

export const DESCRIPTION_PATH = '/api/openapi.json';
export const PAGE_PATH = '/api/docs';

/** The page loads from this server only. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TITLE = 'Loomgraph REST';
/** In place of the library's own. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="28"><text x="0" y="21" font-family="sans-serif" font-size="20" fill="#fff">Loomgraph</text></svg>`;

/** Serves the description of the routes, and a page to read and try them. */
export async function registerDescription(app: FastifyInstance, routes: ServedRoutes): Promise<void> {
  let schema: GraphQLSchema | undefined;
  let description: JsonSchema = {};
  const describe = (): JsonSchema => {
    const serving = routes.schema();
    if (serving !== schema) {
      schema = serving;
      description = describeRoutes(routes.current(), serving);
    }
    return description;
  };
  app.get(DESCRIPTION_PATH, async () => describe());
  await app.register(fastifySwagger, { mode: 'static', specification: { document: { openapi: '3.1.0' } as never } });
  await app.register(fastifySwaggerUi, {
    routePrefix: PAGE_PATH,
    staticCSP: POLICY,
    theme: { title: TITLE },
    logo: { type: 'image/svg+xml', content: LOGO },
    transformSpecification: () => describe(),
    uiConfig: { deepLinking: true, displayRequestDuration: true, tryItOutEnabled: true, docExpansion: 'list' },
  });
}
