import type { RestRoute } from '@loomgraph/subgraph-kit';
import {
  getNamedType,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { RouteOperation } from '../route-operation.js';
import { PROBLEM_TYPE } from '../problem.js';
import { described, reference, schemaOfInput, schemaOfOutput, type Components, type JsonSchema } from './json-schema.js';

const VERSION = '3.1.0';
const PROBLEM = 'Problem';

/** Describes the routes (OpenAPI 3.1): their types and most of their texts are those of the schema. */
export function describeRoutes(operations: readonly RouteOperation[], schema: GraphQLSchema): JsonSchema {
  const components: Components = { schemas: { [PROBLEM]: PROBLEM_SCHEMA } };
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of operations) {
    const { path, method } = operation.route;
    (paths[path] ??= {})[method.toLowerCase()] = describeRoute(operation, schema, components);
  }
  return {
    openapi: VERSION,
    info: {
      title: 'Loomgraph REST',
      version: '1.0.0',
      description:
        'Routes over operations of the graph. Each is guarded, limited and counted as what it asks; who may do what is the same. `Sync-Token` of an answer, sent with a later request, makes that see what was written.',
    },
    tags: [...new Set(operations.map(({ route }) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      ...components,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'An access token, or an API key.' } },
    },
    security: [{ token: [] }],
  };
}

function describeRoute(operation: RouteOperation, schema: GraphQLSchema, components: Components): JsonSchema {
  const { route } = operation;
  const body = bodyOf(operation, components);
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.tag],
    parameters: [...pathParameters(operation, components), ...queryParameters(operation, components)],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      [route.status]: answerOf(operation, schema, components),
      default: { description: 'What went wrong.', content: { [PROBLEM_TYPE]: { schema: reference(PROBLEM) } } },
    },
  };
}

function pathParameters({ route, variableAt }: RouteOperation, components: Components): readonly JsonSchema[] {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const variable = variableAt(route.variables.path?.[name] ?? '');
    return {
      name,
      in: 'path',
      required: true,
      schema: variable === undefined ? { type: 'string' } : schemaOfInput(variable.type, components),
    };
  });
}

function queryParameters({ route, variableAt }: RouteOperation, components: Components): readonly JsonSchema[] {
  return Object.entries(route.variables.query ?? {}).flatMap(([name, place]) => {
    const variable = variableAt(place);
    if (variable === undefined) return [];
    const schema = schemaOfInput(variable.type, components);
    return [described({ name, in: 'query', required: variable.isRequired, schema }, variable.description)];
  });
}

function bodyOf({ route, variableAt }: RouteOperation, components: Components): JsonSchema | undefined {
  const { upload, variables } = route;
  const content: Record<string, JsonSchema> = {};
  if (variables.body !== undefined) {
    const known = Object.entries(variables.body).flatMap(([name, place]) => {
      const variable = variableAt(place);
      return variable === undefined ? [] : [{ name, variable }];
    });
    const required = known.filter(({ variable }) => variable.isRequired).map(({ name }) => name);
    const properties = known.map(({ name, variable }) => [name, described(schemaOfInput(variable.type, components), variable.description)]);
    content['application/json'] = {
      schema: {
        type: 'object',
        properties: Object.fromEntries(properties),
        ...(required.length > 0 ? { required } : {}),
        additionalProperties: false,
      },
    };
  }
  if (upload !== undefined) content['multipart/form-data'] = { schema: partsOf(upload) };
  return Object.keys(content).length === 0 ? undefined : { required: true, content };
}

function partsOf({ file, fields }: NonNullable<RestRoute['upload']>): JsonSchema {
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(Object.entries(fields).map(([name, description]) => [name, { type: 'string', description }])),
      [file]: { type: 'string', contentMediaType: 'application/octet-stream', description: 'The file, with its name and its type.' },
    },
    required: [file],
    additionalProperties: false,
  };
}

function answerOf({ route, definition, fragments }: RouteOperation, schema: GraphQLSchema, components: Components): JsonSchema {
  if (route.status === 204) return { description: 'It is done.' };
  const root = schema.getRootType(definition.operation);
  const found = root && selectionAt(root, definition.selectionSet, route.answer);
  const headers =
    route.redirect === undefined
      ? {}
      : { headers: { Location: { description: 'Where it is.', schema: { type: 'string', format: 'uri' } } } };
  if (!found) return { description: route.summary, ...headers };
  const { type, selection } = found;
  // Null is answered as a problem.
  const answer = schemaOfOutput(type, selection, { schema, fragments, components });
  return { description: route.summary, ...headers, content: { 'application/json': { schema: withoutNull(answer) } } };
}

function selectionAt(
  root: GraphQLObjectType,
  selection: SelectionSetNode,
  path: readonly string[],
): { readonly type: GraphQLOutputType; readonly selection: SelectionSetNode | undefined } | undefined {
  let type: GraphQLOutputType = root;
  let at: SelectionSetNode | undefined = selection;
  for (const step of path) {
    const parent: unknown = getNamedType(type);
    const fields: readonly SelectionNode[] = at?.selections ?? [];
    const node = fields.find((one): one is FieldNode => one.kind === Kind.FIELD && (one.alias ?? one.name).value === step);
    if (!isObjectType(parent) || node === undefined) return undefined;
    const field = parent.getFields()[node.name.value];
    if (field === undefined) return undefined;
    type = field.type;
    at = node.selectionSet;
  }
  return { type, selection: at };
}

function withoutNull(schema: JsonSchema): JsonSchema {
  const { anyOf, type } = schema as { readonly anyOf?: readonly JsonSchema[]; readonly type?: string | readonly string[] };
  if (anyOf?.[0] !== undefined) return anyOf[0];
  return Array.isArray(type) ? { ...schema, type: type[0] as string } : schema;
}

const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  properties: {
    status: { type: 'integer', description: 'The status of the answer.' },
    title: { type: 'string', description: 'What the code means.' },
    detail: { type: 'string', description: 'What it is here, and what to do about it.' },
    code: { type: 'string', description: 'The same code as in GraphQL, for programs.' },
    requestId: { type: 'string', description: 'The log has it under this id.' },
    details: { description: 'Facts about it, by its code.' },
  },
  required: ['status', 'title', 'detail', 'code', 'requestId'],
};
