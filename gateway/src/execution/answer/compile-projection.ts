import {
  getNullableType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { evaluate, literal, property } from '../generated-code.js';
import { SHARED, type JsonObject } from '../json-object.js';
import { IRREGULAR_DATA } from './irregular.js';
import { enumTexts, leafExpression, LEAF_HELPERS } from './leaf-text.js';
import {
  collectSelectedFields,
  fragmentsOf,
  type CollectScope,
  type Condition,
  type SelectedField,
  type SelectionPart,
} from './selected-fields.js';

/**
 * Writes the data of an answer as JSON text. `introspection` holds the texts of `__schema` and `__type` by response key.
 * @throws IRREGULAR_DATA
 */
export type Projection = (
  data: JsonObject,
  variables: Readonly<Record<string, unknown>>,
  introspection: Readonly<Record<string, string>>,
) => string;

export interface ProjectionSource {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The key under which the data holds what a field selects. */
  readonly dataKeyOf: (field: FieldNode) => string;
  /** See `CollectScope`. */
  readonly cut?: ReadonlySet<FieldNode> | undefined;
}

export interface ProjectionOptions {
  /** `written`: no text of the data holds a character that JSON escapes, so texts are put between quotes as they are. */
  readonly texts: 'escaped' | 'plain';
}

let projections = 0;

/**
 * The operation as one function per selected type, which reads the fields it knows and writes them in the order of the answer. An
 * object that stands at several places is written once.
 */
export function compileProjection(source: ProjectionSource, options: ProjectionOptions): Projection {
  const root = source.schema.getRootType(source.operation.operation);
  if (!root) throw new Error(`The schema has no ${source.operation.operation}s.`); // validation refuses such operations
  return new ProjectionCompiler(source, options).compile(root);
}

class ProjectionCompiler {
  readonly #functions: string[] = [];
  /** Names of functions by what they write: the types of an abstract field mostly select the same below it. */
  readonly #known = new Map<string, string>();
  readonly #setNumbers = new Map<SelectionSetNode, number>();
  readonly #scope: CollectScope;
  readonly #operation: OperationDefinitionNode;
  readonly #texts: ProjectionOptions['texts'];
  readonly #enums: ReadonlyMap<string, string>[] = [];
  readonly #isInterface: (name: unknown) => boolean;

  constructor({ schema, document, operation, dataKeyOf, cut }: ProjectionSource, { texts }: ProjectionOptions) {
    this.#scope = { schema, fragments: fragmentsOf(document), dataKeyOf, cut };
    this.#operation = operation;
    this.#texts = texts;
    this.#isInterface = (name) => name === undefined || (typeof name === 'string' && isInterfaceType(schema.getType(name)));
  }

  compile(root: GraphQLObjectType): Projection {
    const write = this.#objectFunction([{ set: this.#operation.selectionSet, condition: [] }], root);
    const source = `(function(){${this.#functions.join('\n')}\nreturn function(data,variables,introspection){return ${write}(data,variables,introspection);};})()`;
    return evaluate<Projection>(source, {
      ...LEAF_HELPERS,
      IRREGULAR_DATA,
      SHARED,
      enums: this.#enums,
      isArray: Array.isArray,
      isInterface: this.#isInterface,
    });
  }

  /** Adds a function to the source; answers its name. */
  #add(parameters: string, body: string): string {
    const name = `f${this.#functions.length}`;
    this.#functions.push(`function ${name}(${parameters}){${body}}`);
    return name;
  }

  #once(kind: string, type: GraphQLOutputType, parts: readonly SelectionPart[], create: () => string): string {
    const key = `${kind} ${String(type)} ${parts.map((part) => this.#keyOf(part)).join(' ')}`;
    let name = this.#known.get(key);
    if (name === undefined) this.#known.set(key, (name = create()));
    return name;
  }

  #keyOf({ set, condition }: SelectionPart): string {
    let number = this.#setNumbers.get(set);
    if (number === undefined) this.#setNumbers.set(set, (number = this.#setNumbers.size));
    return `${number}${condition.length === 0 ? '' : JSON.stringify(condition)}`;
  }

  /** `(object, variables, introspection) -> text` for objects of one concrete type, or of an interface of which no more is known. */
  #objectFunction(parts: readonly SelectionPart[], type: GraphQLCompositeType): string {
    return this.#once('object', type, parts, () => this.#createObjectFunction(parts, type));
  }

  #createObjectFunction(parts: readonly SelectionPart[], type: GraphQLCompositeType): string {
    const id = ++projections;
    const turns = collectSelectedFields(parts, type, this.#scope);
    const firstIsSure = turns[0]?.condition.length === 0;
    const writes = turns.map(({ field, condition, unless }, index) => {
      const prefix = firstIsSure
        ? literal(`${index === 0 ? '{' : ','}${literal(field.key)}:`)
        : `(text===''?'{':',')+${literal(`${literal(field.key)}:`)}`;
      const write = this.#fieldStatement(field, type, prefix);
      const tests = [
        ...(condition.length === 0 ? [] : [conditionExpression(condition)]),
        ...unless.map((one) => `!(${conditionExpression(one)})`),
      ];
      return tests.length === 0 ? write : `if(${tests.join('&&')}){${write}}`;
    });
    return this.#add(
      'object,variables,introspection',
      `const shared=object[SHARED];if(shared!==undefined&&shared.by===${id})return shared.text;` +
        `let text='',value;${writes.join('')}text=${firstIsSure ? "text+'}'" : "text===''?'{}':text+'}'"};` +
        `if(shared!==undefined){shared.by=${id};shared.text=text;}return text;`,
    );
  }

  #fieldStatement(field: SelectedField, parent: GraphQLCompositeType, prefix: string): string {
    if (field.name === '__typename') {
      return isObjectType(parent) ? `text+=${prefix}+${literal(literal(parent.name))};` : 'throw IRREGULAR_DATA;';
    }
    if (field.name === '__schema' || field.name === '__type') return `text+=${prefix}+introspection${property(field.key)};`;
    const definition = 'getFields' in parent ? parent.getFields()[field.name] : undefined;
    if (definition === undefined) throw new Error(`${parent.name} has no field ${field.name}.`); // validation refuses such operations
    const { type } = definition;
    const onNull = isNonNullType(type) ? 'throw IRREGULAR_DATA;' : `text+=${prefix}+'null';`;
    if (field.answered?.length === 0) return onNull;
    const present = `text+=${prefix}+${this.#valueExpression(type, field, 'value')};`;
    return `value=${readExpression(field)};if(value===undefined||value===null){${onNull}}else{${present}}`;
  }

  /** An expression for the text of a value that is not null. */
  #valueExpression(declared: GraphQLOutputType, field: SelectedField, value: string): string {
    const type: GraphQLOutputType = getNullableType(declared);
    if (isListType(type))
      return `${this.#once('list', type, field.parts, () => this.#listFunction(type.ofType, field))}(${value},variables)`;
    if (isObjectType(type) || isAbstractType(type))
      return `${this.#once('value', type, field.parts, () => this.#compositeFunction(type, field))}(${value},variables)`;
    if (isEnumType(type)) return `enumText(enums[${this.#enums.push(enumTexts(type)) - 1}],${value})`;
    return leafExpression(type, value, this.#texts);
  }

  #listFunction(itemType: GraphQLOutputType, field: SelectedField): string {
    const onNull = isNonNullType(itemType) ? 'throw IRREGULAR_DATA;' : "text+=(i===0?'':',')+'null';";
    const item = this.#valueExpression(itemType, field, 'item');
    return this.#add(
      'list,variables',
      `if(!isArray(list))throw IRREGULAR_DATA;let text='[';for(let i=0;i<list.length;i++){const item=list[i];` +
        `if(item===undefined||item===null){${onNull}}else{text+=(i===0?'':',')+${item};}}return text+']';`,
    );
  }

  #compositeFunction(type: GraphQLCompositeType, field: SelectedField): string {
    const checks = "if(typeof object!=='object'||isArray(object))throw IRREGULAR_DATA;";
    const write = (runtime: GraphQLCompositeType): string => `return ${this.#objectFunction(field.parts, runtime)}(object,variables);`;
    if (isObjectType(type)) {
      const isOther = `object.__typename!==undefined&&object.__typename!==${literal(type.name)}`;
      return this.#add('object,variables', `${checks}if(${isOther})throw IRREGULAR_DATA;${write(type)}`);
    }
    const cases = this.#scope.schema.getPossibleTypes(type).map((runtime) => `case ${literal(runtime.name)}:${write(runtime)}`);
    // Asked for by the interface's own fields only, an object may come without its type's name or with the interface's.
    const otherwise = isInterfaceType(type)
      ? `if(isInterface(object.__typename)){${write(type)}}throw IRREGULAR_DATA;`
      : 'throw IRREGULAR_DATA;';
    return this.#add('object,variables', `${checks}switch(object.__typename){${cases.join('')}}${otherwise}`);
  }
}

/** A field that is cut at some places has its value where another one selects it. */
function readExpression({ dataKey, answered }: SelectedField): string {
  const value = `object${property(dataKey)}`;
  if (answered === undefined || answered.some((condition) => condition.length === 0)) return value;
  return `(${answered.map(conditionExpression).join('||')})?${value}:null`;
}

function conditionExpression(condition: Condition): string {
  return condition.map(({ variable, equals }) => `variables${property(variable)}${equals ? '===' : '!=='}true`).join('&&');
}
