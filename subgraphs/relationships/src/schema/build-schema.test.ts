import { graphql, isInputObjectType, isNonNullType, isObjectType, type GraphQLObjectType } from 'graphql';
import { buildRelationshipsSchema, emitSchema } from './build-schema.js';
import { entities } from './type-defs.js';

describe('the relationships schema', () => {
  it('is read-only', async () => {
    const { schema, sdl } = await buildRelationshipsSchema();
    expect(schema.getMutationType() ?? null).toBeNull();
    expect(schema.getSubscriptionType() ?? null).toBeNull();
    expect(sdl).not.toMatch(/CreateInput|UpdateInput|DeleteInput|ConnectInput/);
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {}).toSorted()).toEqual([
      '_entities',
      '_service',
      'graphCategories',
      'graphTemplates',
      'graphUsers',
    ]);
  });

  it('answers its SDL without a server', async () => {
    const { schema, sdl } = await buildRelationshipsSchema();
    const answer = await graphql({ schema, source: '{ _service { sdl } }', contextValue: {} });
    expect(answer.errors).toBeUndefined();
    expect((answer.data as { _service: { sdl: string } })._service.sdl).toMatch(/type Template\s+@key\(fields: "id"/);
    expect(await emitSchema()).toBe(sdl);
  });

  it('is the same whatever the labels are called', async () => {
    expect((await buildRelationshipsSchema({ labelPrefix: 'other_' })).sdl).toBe(await emitSchema());
  });

  it('reads only ids and relationships of entities, and may leave each relationship out', async () => {
    const { schema } = await buildRelationshipsSchema();
    const fields = (name: string) => Object.values((schema.getType(name) as GraphQLObjectType).getFields());
    const names = Object.keys(entities).map((name) => [name, fields(name).map((field) => field.name)]);
    expect(Object.fromEntries(names)).toEqual({
      Template: ['belongsTo', 'belongsToConnection', 'id', 'similarTo', 'similarToConnection', 'usedBy', 'usedByConnection'],
      TemplateCategory: ['contains', 'containsConnection', 'id'],
      User: ['id', 'used', 'usedConnection'],
    });
    for (const name of [...Object.keys(entities), 'Query']) {
      for (const field of fields(name))
        expect([field.name, isNonNullType(field.type)]).toEqual([field.name, ['id', '_service', '_entities'].includes(field.name)]);
    }
  });

  it('has no filter by aggregates, and no input that another subgraph may have too', async () => {
    const { schema, sdl } = await buildRelationshipsSchema();
    expect(sdl).not.toMatch(/aggregat/i);
    const inputs = Object.values(schema.getTypeMap()).filter(isInputObjectType);
    expect(inputs.length).toBeGreaterThan(10);
    expect(inputs.filter(({ name }) => !name.startsWith('Graph'))).toEqual([]);
  });

  it('names nothing that the projection keeps for itself', async () => {
    const { schema } = await buildRelationshipsSchema();
    const generated = Object.values(schema.getTypeMap()).filter(
      (type) => !type.name.startsWith('_') && (isObjectType(type) || isInputObjectType(type)),
    );
    const names = generated.flatMap((type) => (isObjectType(type) || isInputObjectType(type) ? Object.keys(type.getFields()) : []));
    expect(names.filter((name) => name.startsWith('_') && name !== '_service' && name !== '_entities')).toEqual([]);
  });

  it('describes what a client can select', async () => {
    const { schema } = await buildRelationshipsSchema();
    const undescribed = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('_') && type.name !== 'PageInfo')
      .flatMap((type) =>
        Object.values((type as GraphQLObjectType).getFields())
          .filter((field) => !field.description && !field.name.startsWith('_'))
          .map((field) => `${type.name}.${field.name}`),
      );
    expect(undescribed).toEqual([]);
  });
});
