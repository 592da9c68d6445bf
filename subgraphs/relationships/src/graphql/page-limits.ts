import { LoomError, MAX_PAGE_SIZE } from '@loomgraph/core';
import { getArgumentValues, TypeInfo, visit, visitWithTypeInfo, type GraphQLFieldResolver, type GraphQLResolveInfo } from 'graphql';
import { offsetOfCursor } from './connection.js';
import type { RelationshipsContext } from './context.js';

type Resolver = GraphQLFieldResolver<unknown, RelationshipsContext>;

/** A resolver of the library that first checks the pages the operation asks for. */
export function withPageLimits(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    checkPages(info, context.checked);
    return resolve(source, args, context, info);
  };
}

/**
 * Checks the page arguments of a whole operation, once: it becomes one statement, in which the library would silently cut a page that
 * is too large (and then report no next one), answer everything where 0 is asked for, and start again at a cursor it cannot read.
 * @throws LoomError PAGE_LIMIT_EXCEEDED, BAD_USER_INPUT, INVALID_CURSOR
 */
function checkPages(info: GraphQLResolveInfo, checked: WeakSet<object>): void {
  if (checked.has(info.operation)) return;
  const types = new TypeInfo(info.schema);
  const visitor = visitWithTypeInfo(types, {
    Field(node) {
      const definition = types.getFieldDef();
      if (definition && node.arguments?.length) checkArguments(node.name.value, getArgumentValues(definition, node, info.variableValues));
    },
  });
  for (const definition of [info.operation, ...Object.values(info.fragments)]) visit(definition, visitor);
  checked.add(info.operation);
}

function checkArguments(field: string, args: Readonly<Record<string, unknown>>): void {
  for (const name of ['limit', 'first', 'offset']) {
    const value = args[name];
    if (typeof value !== 'number') continue;
    const least = name === 'offset' ? 0 : 1;
    if (value < least) throw new LoomError('BAD_USER_INPUT', `${field}: \`${name}\` starts at ${least}; ${value} was given.`);
    if (name !== 'offset' && value > MAX_PAGE_SIZE) {
      throw new LoomError('PAGE_LIMIT_EXCEEDED', `${field}: at most ${MAX_PAGE_SIZE} items a page; ${value} were asked for.`, {
        details: { limit: MAX_PAGE_SIZE },
      });
    }
  }
  if (typeof args['after'] === 'string') offsetOfCursor(args['after']);
}
