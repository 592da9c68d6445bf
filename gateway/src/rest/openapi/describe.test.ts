import { readRouteOperation } from '../route-operation.js';
import { list, rate, schema } from '../shop.fixture.js';
import { describeRoutes } from './describe.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON
const description: any = describeRoutes(
  [list, rate].flatMap((route) => readRouteOperation(route, schema) ?? []),
  schema,
);

describe('R7 the description of REST routes', () => {
  it('has parameters with the types and texts of the schema', () => {
    const { parameters } = description.paths['/items'].get;
    expect(parameters).toContainEqual({
      name: 'name',
      in: 'query',
      required: false,
      schema: { type: 'string' },
      description: 'Part of the name.',
    });
    expect(parameters).toContainEqual({ name: 'kind', in: 'query', required: false, schema: { $ref: '#/components/schemas/Kind' } });
    expect(parameters).toContainEqual({ name: 'tag', in: 'query', required: false, schema: { type: 'array', items: { type: 'string' } } });
    expect(description.paths['/items/{id}/ratings'].post.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
    ]);
  });

  it('has bodies with what is required, and nothing else allowed', () => {
    expect(description.paths['/items/{id}/ratings'].post.requestBody).toEqual({
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: { stars: { type: 'integer', format: 'int32', description: '1 to 5.' }, comment: { type: 'string' } },
            required: ['stars'],
            additionalProperties: false,
          },
        },
      },
    });
  });

  it('has answers by the selections, fragments by their names, null where it may be', () => {
    const { schemas } = description.components;
    expect(description.paths['/items'].get.responses['200'].content['application/json'].schema).toEqual({
      type: 'object',
      properties: {
        nodes: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
        total: { type: 'integer', format: 'int32' },
      },
      required: ['nodes', 'total'],
    });
    expect(schemas.Thing).toEqual({
      type: 'object',
      description: 'A thing.',
      properties: {
        id: { type: 'string' },
        title: { type: ['string', 'null'] },
        kind: { $ref: '#/components/schemas/Kind' },
        parts: {
          type: ['array', 'null'],
          items: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
        },
      },
      required: ['id', 'title', 'kind', 'parts'],
    });
    expect(schemas.Kind).toMatchObject({ type: 'string', enum: ['HOUSE', 'GARDEN'] });
    // Null is a problem here: 404.
    expect(description.paths['/items/{id}/ratings'].post.responses['200'].content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/Thing',
    });
  });
});
