import type { RestRoute } from '@loomgraph/subgraph-kit';
import {
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  OperationTypeNode,
  parse,
  typeFromAST,
  validate,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

/** The operation of a route, read against the schema that serves. */
export interface RouteOperation {
  readonly route: RestRoute;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly isQuery: boolean;
  /** The type of a variable or of a field of one, `input.title`; undefined where the operation has none of it. */
  variableAt(place: string): PlacedVariable | undefined;
}

export interface PlacedVariable {
  readonly type: GraphQLInputType;
  /** Whether a request without it is refused. */
  readonly isRequired: boolean;
  readonly isList: boolean;
  /** Of the field; a variable itself has none. */
  readonly description: string | undefined;
  readonly defaultValue: unknown;
}

/** Undefined where the schema lacks what the route asks for: its subgraph is not part of the graph. */
export function readRouteOperation(route: RestRoute, schema: GraphQLSchema): RouteOperation | undefined {
  const document = parse(route.operation);
  if (validate(schema, document).length > 0) return undefined;
  const definition = document.definitions.find((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION);
  if (definition === undefined) throw new Error(`The route ${route.id} has no operation.`);
  const fragments = document.definitions.filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION);
  const variables = new Map(
    (definition.variableDefinitions ?? []).flatMap(({ variable, type, defaultValue }) => {
      const known = typeFromAST(schema, type as never) as GraphQLInputType | undefined; // it is valid
      return known === undefined ? [] : [[variable.name.value, { type: known, hasDefault: defaultValue !== undefined }] as const];
    }),
  );
  return {
    route,
    document,
    definition,
    fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])),
    isQuery: definition.operation === OperationTypeNode.QUERY,
    variableAt(place) {
      const [name = '', ...path] = place.split('.');
      const variable = variables.get(name);
      if (variable === undefined) return undefined;
      let field: GraphQLInputField | undefined;
      for (const step of path) {
        const parent = getNamedType(field?.type ?? variable.type);
        field = isInputObjectType(parent) ? parent.getFields()[step] : undefined;
        if (field === undefined) return undefined;
      }
      const type = field?.type ?? variable.type;
      const hasDefault = field === undefined ? variable.hasDefault : field.defaultValue !== undefined;
      // What is required of an optional input is required only of those who give any of it.
      const isAsked = path.length < 2 ? path.length === 0 || isNonNullType(variable.type) : false;
      return {
        type,
        isRequired: isNonNullType(type) && !hasDefault && isAsked,
        isList: isListType(isNonNullType(type) ? type.ofType : type),
        description: field?.description ?? undefined,
        defaultValue: field?.defaultValue,
      };
    },
  };
}
