import { Kind, parse, type FieldNode, type SelectionSetNode } from 'graphql';

/** Fields a source was given together with, by `@provides`: `@external` fields may be asked there and nowhere else. */
export interface ProvidedFields {
  readonly [field: string]: ProvidedFields;
}

const PROVIDED = Symbol('provided');

/** Of the argument of `@provides`. */
export function parseProvided(fields: string): ProvidedFields {
  const [definition] = parse(`{ ${fields} }`).definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? fieldsOf(definition.selectionSet) : {};
}

/** Marks an object, or each in a list, with what came with it. */
export function markProvided(value: unknown, provided: ProvidedFields): unknown {
  if (Array.isArray(value)) return value.map((item) => markProvided(item, provided));
  return typeof value === 'object' && value !== null ? { ...value, [PROVIDED]: provided } : value;
}

export function providedWith(source: unknown): ProvidedFields {
  // Set by markProvided alone.
  return (source as { [PROVIDED]?: ProvidedFields } | undefined)?.[PROVIDED] ?? {};
}

function fieldsOf(selectionSet: SelectionSetNode | undefined): ProvidedFields {
  const fields = (selectionSet?.selections ?? []).filter((selection): selection is FieldNode => selection.kind === Kind.FIELD);
  return Object.fromEntries(fields.map((field) => [field.name.value, fieldsOf(field.selectionSet)]));
}
