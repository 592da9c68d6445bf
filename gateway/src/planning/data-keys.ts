import { Kind, parse, print, visit, type DocumentNode, type FieldNode, type SelectionSetNode } from 'graphql';
import type { PlannedOperation } from './planner.js';

/** What of a supergraph decides which response keys are unsafe. */
export interface KeyTraits {
  readonly fieldNames: ReadonlySet<string>;
  /** Fields that some `@requires` or `@fromContext` names. */
  readonly required: ReadonlySet<string>;
}

/** The keys under which the subgraphs' data are held, where these are not the response keys. */
export interface DataKeys {
  /** The operation with its unsafe response keys replaced: what is planned. The same object when it has none. */
  readonly operation: PlannedOperation;
  /** Of a field of the operation, or of a copy of it. */
  dataKeyOf(field: FieldNode): string;
  /** The way back, for error paths; other keys come back as they are. */
  responseKeyOf(dataKey: string): string;
}

const PREFIX = '_k';
const TYPENAME = '__typename';

/**
 * Gives fields keys of their own where planners are known to mix values up: one response key that means different things in different
 * places (another field, other arguments); an alias that is the name of another field, which may be a key the planner adds; a field
 * with arguments that some `@requires` needs with its defaults. Plans for these fetch one value and use it for the other
 * (apollographql/federation issue 3036), or make the planner's process end (graphql-hive/router issue 1311).
 *
 * Any other field without alias and arguments keeps its name, which is what planners take it for. Linear in the document.
 */
export function withDataKeys(operation: PlannedOperation, traits: KeyTraits): DataKeys {
  const { document } = operation;
  const fields = fieldsOf(document);
  const meanings = new Map<string, Set<string>>();
  for (const field of fields) {
    const key = responseKeyOfField(field);
    const known = meanings.get(key);
    if (known) known.add(meaningOf(field));
    else meanings.set(key, new Set([meaningOf(field)]));
  }

  const isUnsafe = (field: FieldNode): boolean => {
    const { alias, name } = field;
    // Under another key a planner does not see that the type is asked for already, and execution would not see the type.
    if (name.value === TYPENAME) return alias !== undefined;
    const hasArguments = (field.arguments?.length ?? 0) > 0;
    const isAliased = alias !== undefined && alias.value !== name.value;
    // One would set an object's prototype, the others are ours.
    if (isAliased && (alias.value === '__proto__' || alias.value.startsWith(PREFIX))) return true;
    if (!isAliased && !hasArguments) return false;
    if (hasArguments && traits.required.has(name.value)) return true;
    if ((meanings.get(responseKeyOfField(field))?.size ?? 0) > 1) return true;
    return isAliased && traits.fieldNames.has(alias.value);
  };

  if (!fields.some(isUnsafe)) return { operation, dataKeyOf: responseKeyOfField, responseKeyOf: (dataKey) => dataKey };

  const dataKeys = new Map<string, string>();
  const responseKeys = new Map<string, string>();
  const replaced: DocumentNode = visit(document, {
    // On the way up: the fields within are replaced by then, and their parents are seen with them.
    Field: {
      leave(field) {
        if (!isUnsafe(field)) return undefined;
        if (field.name.value === TYPENAME) return withoutAlias(field);
        const identity = identityOf(field);
        const dataKey = dataKeys.get(identity) ?? `${PREFIX}${dataKeys.size}_${responseKeyOfField(field)}`;
        dataKeys.set(identity, dataKey);
        responseKeys.set(dataKey, responseKeyOfField(field));
        return { ...field, alias: { kind: Kind.NAME, value: dataKey } };
      },
    },
  });
  return {
    operation: { ...operation, document: replaced, text: print(replaced) },
    dataKeyOf: (field) => (field.name.value === TYPENAME ? TYPENAME : (dataKeys.get(identityOf(field)) ?? responseKeyOfField(field))),
    responseKeyOf: (dataKey) => responseKeys.get(dataKey) ?? dataKey,
  };
}

/** Reads the traits of a supergraph: once per supergraph, as it parses it. */
export function readKeyTraits(supergraphSdl: string): KeyTraits {
  const fieldNames = new Set<string>();
  const required = new Set<string>();
  const addFields = (selection: string): void => {
    visit(parse(selection, { noLocation: true }), { Field: (field) => void required.add(field.name.value) });
  };
  visit(parse(supergraphSdl, { noLocation: true }), {
    FieldDefinition: ({ name }) => void fieldNames.add(name.value),
    Argument({ name, value }) {
      if (name.value === 'requires' && value.kind === Kind.STRING) addFields(`{${value.value}}`);
    },
    // Of `@join__field(contextArguments:)`: a value that `@fromContext` passes on.
    ObjectField({ name, value }) {
      if (name.value !== 'selection' || value.kind !== Kind.STRING) return;
      addFields(value.value.trimStart().startsWith('{') ? value.value : `{${value.value}}`);
    },
  });
  return { fieldNames, required };
}

/** A walk by hand takes a tenth of the time of the library's `visit`. */
function fieldsOf(document: DocumentNode): readonly FieldNode[] {
  const fields: FieldNode[] = [];
  const walk = (selectionSet: SelectionSetNode): void => {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) fields.push(selection);
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) walk(selection.selectionSet);
    }
  };
  for (const definition of document.definitions) if ('selectionSet' in definition) walk(definition.selectionSet);
  return fields;
}

function withoutAlias({ alias: _alias, ...field }: FieldNode): FieldNode {
  return field;
}

const responseKeyOfField = ({ alias, name }: FieldNode): string => alias?.value ?? name.value;

const meaningOf = ({ name, arguments: given = [] }: FieldNode): string =>
  `${name.value}(${given
    .map((argument) => print(argument))
    .toSorted()
    .join(',')})`;

const identityOf = (field: FieldNode): string => `${responseKeyOfField(field)}:${meaningOf(field)}`;
