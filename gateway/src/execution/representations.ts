import type { Requirement } from '../planning/plan.js';
import { evaluate, literal, property } from './generated-code.js';
import { isJsonObject, type JsonObject } from './json-object.js';
import type { TypeConditions } from './type-conditions.js';

/** How objects of one runtime type are told to the subgraph that is asked about them. */
export interface RepresentationWriter {
  /**
   * The representation as JSON text, which is also what tells two objects apart. Undefined where the object lacks a required field:
   * the fetch that should have brought it failed, and asking about half an object would answer for another one.
   */
  readonly write: (object: JsonObject) => string | undefined;
  /**
   * Tells objects of this type apart more cheaply than their text: the value of the only field required. Undefined where several are
   * required.
   */
  readonly onlyKey: ((object: JsonObject) => unknown) | undefined;
  /** How many fields the representation has when all of them are leaves: an object with just as many keys is nothing but its key. */
  readonly leafCount: number | undefined;
}

/** Finds the writer for an object by its `__typename`; undefined where the plan asks nothing about such objects. */
export type RepresentationWriters = (typename: unknown) => RepresentationWriter | undefined;

interface RequiredField {
  readonly readFrom: readonly string[];
  readonly writeTo: string;
  readonly selections: Requirement[] | undefined;
}

export function createRepresentationWriters(requires: readonly Requirement[], types: TypeConditions): RepresentationWriters {
  const byType = new Map<string, RepresentationWriter | undefined>();
  return (typename) => {
    if (typeof typename !== 'string') return undefined;
    const known = byType.get(typename);
    if (known !== undefined || byType.has(typename)) return known;
    const fields = fieldsFor(requires, typename, types);
    const writer =
      fields.length === 0
        ? undefined
        : {
            write: compileWriter(fields, types),
            onlyKey: compileOnlyKey(fields),
            leafCount: fields.every(({ selections }) => selections === undefined) ? fields.length : undefined,
          };
    byType.set(typename, writer);
    return writer;
  };
}

/** The fields required of one runtime type; what several fragments require under one key is one field. */
function fieldsFor(requires: readonly Requirement[], typename: string | undefined, types: TypeConditions): RequiredField[] {
  const fields = new Map<string, RequiredField>();
  const add = (requirements: readonly Requirement[]): void => {
    for (const requirement of requirements) {
      if (requirement.kind === 'fragment') {
        if (typename === undefined || types.fits(typename, requirement.onType)) add(requirement.selections);
        continue;
      }
      const { readFrom, writeTo, selections } = requirement;
      const known = fields.get(writeTo);
      if (known === undefined) fields.set(writeTo, { readFrom, writeTo, selections: selections && [...selections] });
      else known.selections?.push(...(selections ?? []));
    }
  };
  add(requires);
  return [...fields.values()];
}

function compileWriter(fields: readonly RequiredField[], types: TypeConditions): (object: JsonObject) => string | undefined {
  const nested: ((value: unknown) => string | undefined)[] = [];
  let body = '';
  fields.forEach(({ readFrom, writeTo, selections }, index) => {
    const prefix = literal(`${index === 0 ? '{' : ','}${literal(writeTo)}:`);
    const [first, ...others] = readFrom.map((key) => `object${property(key)}`);
    body += `value=${first};`;
    for (const other of others) body += `if(value===undefined)value=${other};`;
    body += 'if(value===undefined)return undefined;';
    if (selections === undefined) {
      body += `text+=${prefix}+(typeof value==='number'?value:stringify(value));`;
    } else {
      nested.push(compileNested(selections, types));
      body += `value=nested[${nested.length - 1}](value);if(value===undefined)return undefined;text+=${prefix}+value;`;
    }
  });
  const source = `function writeRepresentation(object){let value,text='';${body}return text+'}';}`;
  return evaluate(source, { nested, stringify: JSON.stringify });
}

function compileOnlyKey(fields: readonly RequiredField[]): RepresentationWriter['onlyKey'] {
  const [only, ...others] = fields.filter(({ writeTo }) => writeTo !== '__typename');
  if (only === undefined || others.length > 0 || only.selections !== undefined || only.readFrom.length > 1) return undefined;
  return evaluate(
    `function readOnlyKey(object){const value=object${property(only.readFrom[0]!)};return typeof value==='object'?undefined:value;}`,
    {},
  );
}

/** A required composite value: an object, or a list of them at any depth. */
function compileNested(selections: readonly Requirement[], types: TypeConditions): (value: unknown) => string | undefined {
  const byType = new Map<string | undefined, (object: JsonObject) => string | undefined>();
  const writeObject = (object: JsonObject): string | undefined => {
    const typename = typeof object['__typename'] === 'string' ? object['__typename'] : undefined;
    let write = byType.get(typename);
    if (write === undefined) byType.set(typename, (write = compileWriter(fieldsFor(selections, typename, types), types)));
    return write(object);
  };
  const writeValue = (value: unknown): string | undefined => {
    if (value === null) return 'null';
    if (isJsonObject(value)) return writeObject(value);
    if (!Array.isArray(value)) return undefined;
    const items: string[] = [];
    for (const item of value) {
      const text = writeValue(item);
      if (text === undefined) return undefined;
      items.push(text);
    }
    return `[${items.join(',')}]`;
  };
  return writeValue;
}
