import {
  doTypesOverlap,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isUnionType,
  Kind,
  print,
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type NameNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { PlannedOperation } from '../../planning/planner.js';
import { deferSetOf, FIRST_PART, groupBySet, isSameSet, type DeferSet } from './defer-sets.js';
import type { DeferUsage, ExpandedOperation } from './defer-usages.js';

/** What the planner is given instead of the client's operation. */
export interface PlannedDocument {
  /** Undefined where no subgraph is needed. */
  readonly operation: PlannedOperation | undefined;
  /** Which deferred fragments need what is planned under a label. */
  readonly setOfLabel: ReadonlyMap<string, DeferSet>;
}

/** A type condition or directives around a field. */
type Wrapper = Pick<InlineFragmentNode, 'typeCondition' | 'directives'>;

interface Place {
  readonly set: SelectionSetNode;
  readonly usage: DeferUsage | undefined;
  /** Others only tell which fragments bring the fields that are written. */
  readonly isWritten: boolean;
}

interface Occurrence extends Omit<Place, 'set'> {
  readonly node: FieldNode;
  readonly wrappers: readonly Wrapper[];
  /** Of which type the object is known to be here. */
  readonly parent: GraphQLCompositeType;
}

/**
 * Writes the operation so that each field stands in one part of the answer only, as deep as `@defer` reaches: with `a { b }` in the
 * first part and `... @defer { a { c } }`, it becomes `a { b ... @defer { c } }`. A planner would otherwise fetch `a` twice, and two
 * answers for one list need not have the same items. What several deferred fragments bring has a label of its own.
 */
export function writePlannedDocument(schema: GraphQLSchema, expanded: ExpandedOperation): PlannedDocument {
  const { operation } = expanded;
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`The schema has no ${operation.operation}s.`); // validation refuses such operations
  const writer = new Writer(schema, expanded);
  const selections = writer.writeRoot(root);
  const variableDefinitions = (operation.variableDefinitions ?? []).map((definition) => ({ ...definition, directives: [] }));
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation, variableDefinitions, selectionSet: { kind: Kind.SELECTION_SET, selections } }],
  };
  const planned = selections.length === 0 ? undefined : { document, text: print(document), operationName: operation.name?.value };
  return { operation: planned, setOfLabel: writer.setOfLabel };
}

class Writer {
  readonly setOfLabel = new Map<string, DeferSet>();
  readonly #schema: GraphQLSchema;
  readonly #expanded: ExpandedOperation;

  constructor(schema: GraphQLSchema, expanded: ExpandedOperation) {
    this.#schema = schema;
    this.#expanded = expanded;
  }

  writeRoot(type: GraphQLObjectType): readonly SelectionNode[] {
    const all = this.#occurrencesOf({ set: this.#expanded.operation.selectionSet, usage: undefined, isWritten: true }, type);
    // `__schema`, `__type` and `__typename` of the root are no subgraph's.
    return this.#writeFields(
      all.filter(({ node }) => !node.name.value.startsWith('__')),
      FIRST_PART,
    );
  }

  /** `around`: the deferred fragments that bring the object these fields are of. */
  #writeFields(all: readonly Occurrence[], around: DeferSet): readonly SelectionNode[] {
    const written = all
      .filter(({ isWritten }) => isWritten)
      .map((one) => [deferSetOf(this.#sameField(one, all).map(({ usage }) => usage)), one] as const);
    return groupBySet(written).flatMap(({ set, entries }) => {
      return groupBy(entries, ({ wrappers }) => signatureOf(wrappers)).flatMap(([first, ...others]) => {
        const fields = groupBy([first, ...others], ({ node }) => `${keyOf(node)} ${signatureOf([node])}`);
        const selections = fields.map((field) => this.#writeField(field, all, set));
        return wrap(first.wrappers, isSameSet(set, around) ? selections : [this.#defer(set, selections)]);
      });
    });
  }

  /** `field`: the occurrences written as one, which differ in what they select below. */
  #writeField(field: readonly [Occurrence, ...Occurrence[]], all: readonly Occurrence[], set: DeferSet): FieldNode {
    const [{ node, parent }] = field;
    if (node.selectionSet === undefined) return node;
    const type = 'getFields' in parent ? getNamedType(parent.getFields()[node.name.value]?.type) : undefined;
    if (!isCompositeType(type)) throw new Error(`${parent.name}.${node.name.value} has no fields.`); // validation refuses such operations
    const below = this.#sameField(field[0], all).flatMap((one) => {
      const place = { set: one.node.selectionSet!, usage: one.usage, isWritten: one.isWritten && field.includes(one) }; // like `node`
      return this.#occurrencesOf(place, type);
    });
    const selections = this.#writeFields(below, set);
    // What is deferred below, and for which objects, depends on their type. Where all is left out, the object itself is not.
    const isTypeNeeded = selections.length === 0 || (isAbstractType(type) && below.some(({ usage }) => usage !== undefined));
    return { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections: isTypeNeeded ? [TYPENAME, ...selections] : selections } };
  }

  #defer(set: DeferSet, selections: readonly SelectionNode[]): InlineFragmentNode {
    const label = `part${this.setOfLabel.size}`;
    this.setOfLabel.set(label, set);
    return { kind: Kind.INLINE_FRAGMENT, directives: [deferDirective(label)], selectionSet: { kind: Kind.SELECTION_SET, selections } };
  }

  /** All places that may bring the same field of one object: those under the same key whose types overlap. */
  #sameField({ node, parent }: Occurrence, all: readonly Occurrence[]): readonly Occurrence[] {
    return all.filter((other) => keyOf(other.node) === keyOf(node) && doTypesOverlap(this.#schema, other.parent, parent));
  }

  #occurrencesOf({ set, ...place }: Place, type: GraphQLCompositeType): Occurrence[] {
    const found: Occurrence[] = [];
    const visit = ({ selections }: SelectionSetNode, at: Omit<Occurrence, 'node' | 'isWritten'>): void => {
      for (const selection of selections) {
        if (selection.kind === Kind.FIELD) found.push({ ...at, node: selection, isWritten: place.isWritten });
        else if (selection.kind === Kind.INLINE_FRAGMENT) {
          const { typeCondition, directives = [], selectionSet } = selection;
          const onType = typeCondition === undefined ? at.parent : this.#schema.getType(typeCondition.name.value);
          if (!isCompositeType(onType)) throw new Error(`There is no type ${typeCondition?.name.value}.`); // validation refuses such operations
          const isNarrower = !isPartOf(this.#schema, at.parent, onType);
          const wrapper = { ...(isNarrower ? { typeCondition } : {}), directives };
          visit(selectionSet, {
            usage: this.#expanded.usageOf(selection) ?? at.usage,
            wrappers: isNarrower || directives.length > 0 ? [...at.wrappers, wrapper] : at.wrappers,
            parent: isNarrower ? onType : at.parent,
          });
        }
      }
    };
    visit(set, { usage: place.usage, wrappers: [], parent: type });
    return found;
  }
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

const keyOf = ({ alias, name }: FieldNode): string => (alias ?? name).value;

const signatureOf = (wrappers: readonly Wrapper[]): string =>
  wrappers
    .map(({ typeCondition, directives = [] }) => [typeCondition?.name.value ?? '', ...directives.map((one) => print(one))].join('@'))
    .join(' ');

function wrap(wrappers: readonly Wrapper[], selections: readonly SelectionNode[]): readonly SelectionNode[] {
  return wrappers.reduceRight<readonly SelectionNode[]>(
    (inner, wrapper) => [{ kind: Kind.INLINE_FRAGMENT, ...wrapper, selectionSet: { kind: Kind.SELECTION_SET, selections: inner } }],
    selections,
  );
}

function deferDirective(label: string): ConstDirectiveNode {
  const name = (value: string): NameNode => ({ kind: Kind.NAME, value });
  const argument: ConstArgumentNode = { kind: Kind.ARGUMENT, name: name('label'), value: { kind: Kind.STRING, value: label } };
  return { kind: Kind.DIRECTIVE, name: name('defer'), arguments: [argument] };
}

/** Whether every object of `type` is one of `whole`. */
function isPartOf(schema: GraphQLSchema, type: GraphQLCompositeType, whole: GraphQLCompositeType): boolean {
  return type === whole || (isAbstractType(whole) && !isUnionType(type) && schema.isSubType(whole, type));
}

function groupBy<T>(items: readonly T[], keyOfItem: (item: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOfItem(item));
    if (group === undefined) groups.set(keyOfItem(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
