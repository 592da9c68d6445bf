import {
  doTypesOverlap,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isUnionType,
  type GraphQLCompositeType,
  type GraphQLField,
} from 'graphql';
import { chance, type Draft } from './draft.ts';
import { writeArgument, writeCondition } from './values.ts';

/** Response keys that collide on purpose. */
const SHARED_ALIASES = ['a', 'b', 'name', 'id'];
const MAX_NESTING = 3;

/** `{ ... }` of random selections that fit a type. */
export function writeSelectionSet(draft: Draft, type: GraphQLCompositeType, depth: number): string {
  const count = draft.random.integer(depth > 2 ? 2 : 1, 5);
  const selections: string[] = [];
  for (let number = 0; number < count; number++) {
    const selection = writeSelection(draft, type, depth);
    if (selection !== undefined) selections.push(selection);
  }
  return `{ ${selections.length > 0 ? selections.join(' ') : '__typename'} }`;
}

/** Only the given field, with its arguments and selections. */
export function writeField(draft: Draft, parent: string, field: GraphQLField<unknown, unknown>, depth: number): string | undefined {
  const type = getNamedType(field.type);
  if (draft.fieldsLeft <= 0) return undefined;
  if (isCompositeType(type) && depth <= 0) return undefined;
  draft.fieldsLeft--;
  const written = field.args.flatMap((argument) => {
    const value = writeArgument(draft, argument, `${parent}.${field.name}.${argument.name}`);
    return value === undefined ? [] : [`${argument.name}: ${value}`];
  });
  const argumentText = written.length > 0 ? `(${written.join(', ')})` : '';
  const selections = isCompositeType(type) ? ` ${writeSelectionSet(draft, type, depth - 1)}` : '';
  return `${writeAlias(draft, written.length > 0)}${field.name}${argumentText}${writeDirectives(draft)}${selections}`;
}

function writeSelection(draft: Draft, type: GraphQLCompositeType, depth: number): string | undefined {
  if (chance(draft, 0.1)) return chance(draft, 0.2) ? `t: __typename${writeDirectives(draft)}` : `__typename`;
  const canNest = draft.nesting < MAX_NESTING && draft.fieldsLeft > 0;
  if (canNest && chance(draft, isUnionType(type) ? 1 : isAbstractType(type) ? 0.4 : 0.1)) {
    draft.nesting++;
    const fragment = writeFragment(draft, type, depth);
    draft.nesting--;
    return fragment;
  }
  if (isUnionType(type)) return undefined;
  const fields = Object.values(type.getFields());
  const leaves = fields.filter((field) => !isCompositeType(getNamedType(field.type)));
  const field = draft.random.pick(leaves.length > 0 && (depth <= 0 || chance(draft, depth > 2 ? 0.3 : 0.45)) ? leaves : fields);
  return writeField(draft, type.name, field, depth);
}

function writeAlias(draft: Draft, hasArguments: boolean): string {
  const draw = draft.random.next();
  if (draw < 0.06) {
    draft.features.add('colliding alias');
    return `${draft.random.pick(SHARED_ALIASES)}: `;
  }
  // The same field with other arguments needs another key.
  return draw < (hasArguments ? 0.7 : 0.12) ? `x${draft.fieldsLeft}: ` : '';
}

function writeDirectives(draft: Draft): string {
  if (!chance(draft, 0.09)) return '';
  draft.features.add('condition');
  const one = `@${chance(draft, 0.5) ? 'skip' : 'include'}(if: ${writeCondition(draft)})`;
  if (!chance(draft, 0.15)) return ` ${one}`;
  return ` ${one} @${one.startsWith('@skip') ? 'include' : 'skip'}(if: ${writeCondition(draft)})`;
}

function writeFragment(draft: Draft, type: GraphQLCompositeType, depth: number): string {
  if (!isUnionType(type) && chance(draft, 0.1)) return `...${writeDirectives(draft)} ${writeSelectionSet(draft, type, depth)}`;
  const onType = draft.random.pick(typesFor(draft, type));
  if (!chance(draft, 0.3)) return `... on ${onType.name}${writeDirectives(draft)} ${writeSelectionSet(draft, onType, depth)}`;

  draft.features.add('named fragment');
  const known = draft.fragments.filter((fragment) => fragment.onType === onType.name);
  if (known.length > 0 && chance(draft, 0.6)) return `...${draft.random.pick(known).name}${writeDirectives(draft)}`;
  // Its text is complete before it has a name others can use: no fragment can hold itself.
  const text = writeSelectionSet(draft, onType, depth);
  const name = `F${draft.fragments.length}`;
  draft.fragments.push({ name, onType: onType.name, text: `fragment ${name} on ${onType.name} ${text}` });
  return `...${name}${writeDirectives(draft)}`;
}

/** Types a fragment inside `type` may be on; for abstract ones mostly what they can be. */
function typesFor(draft: Draft, type: GraphQLCompositeType): readonly GraphQLCompositeType[] {
  const { schema } = draft;
  if (isAbstractType(type) && chance(draft, 0.75)) return schema.getPossibleTypes(type);
  draft.features.add('fragment on another abstract type');
  return Object.values(schema.getTypeMap()).filter(
    (one): one is GraphQLCompositeType => isCompositeType(one) && !one.name.startsWith('__') && doTypesOverlap(schema, type, one),
  );
}
