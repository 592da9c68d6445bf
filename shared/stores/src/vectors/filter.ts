import { LoomError } from '@loomgraph/core';
import type { CollectionTable } from './collection.js';
import type { AttributeCondition, AttributeFilter, AttributeValue } from './port.js';

/** Collects the parameters of one statement. */
export class Parameters {
  readonly values: unknown[] = [];

  /** @returns the placeholder, `$n`. */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/**
 * The condition of a filter as SQL, `true` when there is none. `null` matches documents without the attribute; an empty array none.
 * @throws LoomError BAD_USER_INPUT for an attribute the collection has not, or a value of another type.
 */
export function filterCondition(table: CollectionTable, filter: AttributeFilter | undefined, parameters: Parameters): string {
  const conditions = Object.entries(filter ?? {}).map(([field, value]) => {
    const attribute = table.attributes.find((candidate) => candidate.field === field);
    if (!attribute) throw new LoomError('BAD_USER_INPUT', `"${field}" is not an attribute of ${table.collection.name}.`);
    const { column, type } = attribute;
    if (value === null) return `${column} IS NULL`;
    if (isCondition(value)) {
      const { operator, operand } = comparison(value);
      if (!operator.types.includes(type) || !isOperandOf(type, operand)) throw wrongType(table, field, value);
      return `${column} ${operator.sql} ${parameters.add(operand)}::${type}`;
    }
    const isArray = Array.isArray(value);
    if (isArray ? type !== 'text' && type !== 'text[]' : !isScalarOf(type, value)) throw wrongType(table, field, value);
    if (type === 'text[]') return `${column} && ${parameters.add(isArray ? value : [value])}::text[]`;
    return isArray ? `${column} = ANY(${parameters.add(value)}::text[])` : `${column} = ${parameters.add(value)}::${type}`;
  });
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

const isCondition = (value: AttributeValue | AttributeCondition): value is AttributeCondition =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function comparison(condition: AttributeCondition) {
  return 'atLeast' in condition
    ? { operator: { sql: '>=', types: ['double precision'] }, operand: condition.atLeast }
    : { operator: { sql: '@>', types: ['text[]'] }, operand: condition.all };
}

const isOperandOf = (type: string, operand: number | readonly string[]): boolean =>
  type === 'text[]' ? Array.isArray(operand) && operand.every((value) => typeof value === 'string') : isScalarOf(type, operand);

/** @throws LoomError BAD_USER_INPUT when a document's attribute is unknown or of another type. */
export function checkAttribute(table: CollectionTable, field: string, value: AttributeValue): void {
  const attribute = table.attributes.find((candidate) => candidate.field === field);
  if (!attribute) throw new LoomError('BAD_USER_INPUT', `"${field}" is not an attribute of ${table.collection.name}.`);
  if (value === null) return;
  const fits = attribute.type === 'text[]' ? Array.isArray(value) : !Array.isArray(value) && isScalarOf(attribute.type, value);
  if (!fits) throw wrongType(table, field, value);
}

function isScalarOf(type: string, value: AttributeValue): boolean {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'double precision':
      return typeof value === 'number' && Number.isFinite(value);
    default:
      return typeof value === 'string';
  }
}

function wrongType(table: CollectionTable, field: string, value: AttributeValue | AttributeCondition): LoomError {
  const wanted = table.collection.attributes[field];
  return new LoomError('BAD_USER_INPUT', `Attribute ${field} of ${table.collection.name} is ${wanted}; got ${JSON.stringify(value)}.`);
}
