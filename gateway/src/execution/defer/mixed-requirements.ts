import { Kind, parse, print, visit, type DocumentNode } from 'graphql';

/** Tells the operations for which some field of an object is required with several arguments. */
export type HasMixedRequirements = (operation: DocumentNode) => boolean;

/** A field that `@requires` names: its name, and its arguments as text. */
interface RequiredField {
  readonly name: string;
  readonly given: string;
}

/**
 * `@apollo/query-planner` holds what one field requires under the field's name and uses it for another, which requires the same with
 * other arguments; directly or through a field it requires. Types are left out: two of them at one place are rare, and such an
 * operation is only answered whole.
 */
export function findMixedRequirements(supergraphSdl: string): HasMixedRequirements {
  if (!supergraphSdl.includes('requires:')) return () => false;
  const requiredBy = requirementsOf(parse(supergraphSdl, { noLocation: true }));
  return (operation) => {
    const formOf = new Map<string, string>();
    const seen = new Set<string>();
    let isMixed = false;
    const follow = (field: string): void => {
      if (isMixed || seen.has(field)) return;
      seen.add(field);
      for (const { name, given } of requiredBy.get(field) ?? []) {
        isMixed ||= (formOf.get(name) ?? given) !== given;
        formOf.set(name, given);
        follow(name);
      }
    };
    visit(operation, { Field: ({ name }) => follow(name.value) });
    return isMixed;
  };
}

function requirementsOf(supergraph: DocumentNode): ReadonlyMap<string, readonly RequiredField[]> {
  const found = new Map<string, RequiredField[]>();
  visit(supergraph, {
    FieldDefinition({ name, directives = [] }) {
      for (const { arguments: given = [] } of directives) {
        const requires = given.find((argument) => argument.name.value === 'requires')?.value;
        if (requires?.kind !== Kind.STRING) continue;
        found.set(name.value, [...(found.get(name.value) ?? []), ...fieldsIn(requires.value)]);
      }
    },
  });
  return found;
}

function fieldsIn(selections: string): readonly RequiredField[] {
  const fields: RequiredField[] = [];
  visit(parse(`{${selections}}`, { noLocation: true }), {
    Field: ({ name, arguments: given = [] }) => void fields.push({ name: name.value, given: given.map((one) => print(one)).join() }),
  });
  return fields;
}
