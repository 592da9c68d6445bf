/** How the commonest problems are mended; Apollo's messages say what is wrong, seldom what to do. */
const HINTS: Readonly<Record<string, string>> = {
  SATISFIABILITY_ERROR:
    'give the type a resolvable @key in the subgraph that has the field, or define the field where the query comes from',
  INVALID_FIELD_SHARING:
    'mark the field @shareable in every subgraph that resolves it, or keep it in one and @external or absent elsewhere',
  FIELD_TYPE_MISMATCH: 'give the field the same type in every subgraph',
  FIELD_ARGUMENT_TYPE_MISMATCH: 'give the argument the same type in every subgraph',
  TYPE_KIND_MISMATCH: 'the name must stand for the same kind of type in every subgraph; rename one of them',
  EXTERNAL_TYPE_MISMATCH: 'an @external field repeats the type of the field in the subgraph that owns it',
  EXTERNAL_MISSING_ON_BASE: 'the field must be defined, not @external, in some subgraph',
  EXTERNAL_UNUSED: 'remove the @external field, or name it in a @key, @requires or @provides',
  EXTERNAL_ARGUMENT_MISSING: 'repeat the arguments of the field on its @external declaration',
  REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH: 'declare the argument in every subgraph that has the field, or make it optional',
  ENUM_VALUE_MISMATCH: 'an enum that is both input and output needs the same values in every subgraph',
  INTERFACE_FIELD_NO_IMPLEM: 'every type that implements the interface needs the field in some subgraph',
  KEY_FIELDS_SELECT_INVALID_TYPE: 'a @key may not select lists, interfaces or unions',
  KEY_INVALID_FIELDS: 'the fields of the @key must exist on the type in this subgraph',
  REQUIRES_INVALID_FIELDS: 'the fields of @requires must be declared @external on the type in this subgraph',
  REQUIRES_FIELDS_MISSING_EXTERNAL: 'declare the required fields @external in this subgraph',
  PROVIDES_FIELDS_MISSING_EXTERNAL: 'declare the provided fields @external in this subgraph',
  OVERRIDE_SOURCE_HAS_OVERRIDE: 'only one subgraph may @override the field',
  UNKNOWN_FEDERATION_LINK_VERSION: 'name a version of the federation specification that this gateway knows in @link',
  NO_QUERIES: 'some subgraph must define a field of Query',
};

export function hintFor(code: string): string | undefined {
  return Object.hasOwn(HINTS, code) ? HINTS[code] : undefined;
}
