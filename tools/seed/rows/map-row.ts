import type { SourceRow } from '../source/source-row.ts';
import { convertText, splitText, ValueProblem } from './convert.ts';
import { assertFields, type FieldRule, type Mapping } from './mapping.ts';
import { emptied, fieldKinds, type FieldKind, type FieldName } from './template-row.ts';

export interface MappedRow {
  readonly fields: Readonly<Partial<Record<FieldName, unknown>>>;
  readonly problems: readonly string[];
}

export interface RowMapper {
  /** What the row fills the fields with; whether that fits is checked elsewhere. */
  map(row: SourceRow): MappedRow;
  /** Columns seen so far that fill nothing. */
  ignoredColumns(): readonly string[];
  /** Columns the mapping names and no row had so far. */
  missingColumns(): readonly string[];
}

/**
 * Fills fields from columns: `set` first (constants), then the mapping, then columns of the field's name.
 * @param options.isText the source knows only texts, as CSV does: they are read as what their field takes
 * @throws CommandFailure for names that are no fields, ValueProblem for constants that do not fit theirs
 */
export function createRowMapper(options: { mapping: Mapping; set: Readonly<Record<string, string>>; isText: boolean }): RowMapper {
  const { mapping, set, isText } = options;
  assertFields(Object.keys(set));
  const constants = new Map<string, unknown>(Object.entries(set).map(([field, text]) => [field, constant(field as FieldName, text)]));
  const names = Object.keys(fieldKinds) as FieldName[];
  const rules = names.flatMap((field): [FieldName, FieldRule][] => {
    if (constants.has(field)) return [[field, { default: constants.get(field) }]];
    const rule = mapping[field];
    return rule === null ? [] : [[field, rule ?? { from: field }]];
  });
  const used = new Set(rules.flatMap(([, { from }]) => from ?? []));
  const named = names.flatMap((field) => (constants.has(field) ? [] : (mapping[field]?.from ?? [])));
  const seen = new Set<string>();

  return {
    map({ values }) {
      for (const column of Object.keys(values)) seen.add(column);
      const fields: Partial<Record<FieldName, unknown>> = {};
      const problems: string[] = [];
      for (const [field, rule] of rules) {
        try {
          const value = fill(rule, { values, kind: fieldKinds[field], isText });
          if (value !== undefined && (value !== null || emptied.has(field))) fields[field] = value;
        } catch (error) {
          if (!(error instanceof ValueProblem)) throw error;
          problems.push(`${field}: ${error.message}`);
        }
      }
      return { fields, problems };
    },
    ignoredColumns: () => [...seen].filter((column) => !used.has(column)),
    missingColumns: () => [...new Set(named)].filter((column) => !seen.has(column)),
  };
}

function constant(field: FieldName, text: string): unknown {
  try {
    return convertText(text, fieldKinds[field]);
  } catch (error) {
    throw error instanceof ValueProblem ? new ValueProblem(`--set ${field}: ${error.message}`) : error;
  }
}

function fill(
  rule: FieldRule,
  { values, kind, isText }: { values: Readonly<Record<string, unknown>>; kind: FieldKind; isText: boolean },
): unknown {
  let value = rule.from !== undefined && Object.hasOwn(values, rule.from) ? values[rule.from] : undefined;
  if (value === undefined || value === null || (isText && typeof value === 'string' && value.trim() === '')) {
    // An empty cell says nothing; JSON's null does.
    return rule.default ?? (value === null ? null : undefined);
  }
  if (rule.split !== undefined && typeof value === 'string') value = splitText(value, rule.split);
  if (rule.map) value = Array.isArray(value) ? value.map((item) => translate(item, rule.map)) : translate(value, rule.map);
  if (rule.type !== undefined) value = Array.isArray(value) ? value.map((item) => asType(item, rule.type)) : asType(value, rule.type);
  return isText && typeof value === 'string' ? convertText(value, kind) : value;
}

function translate(value: unknown, map: FieldRule['map']): unknown {
  const key = String(value);
  return map && Object.hasOwn(map, key) ? map[key] : value;
}

const asType = (value: unknown, type: FieldRule['type']): unknown =>
  typeof value === 'string' && type !== undefined ? convertText(value, type) : value;
