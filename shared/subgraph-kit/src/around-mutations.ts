import { defaultFieldResolver, type GraphQLSchema } from 'graphql';

/** Runs every mutation's resolver through `around`, however the schema is executed; `name` is the field's. Other fields are left as they are. */
export function aroundMutations<Context>(
  schema: GraphQLSchema,
  around: (context: Context, resolve: () => unknown, name: string) => unknown,
): void {
  for (const [name, field] of Object.entries(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (source, args, context, info) => around(context as Context, () => resolve(source, args, context, info), name);
  }
}
