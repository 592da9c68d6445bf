import { generateTemplates } from '../../templates/generator.ts';

/** A record before it is written. */
export interface BenchRow {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly language: string;
  readonly description: string;
}

const ID_DIGITS = 9;

/** Ids in the order of their numbers. */
export const idOf = (number: number): string => `t${String(number).padStart(ID_DIGITS, '0')}`;
export const numberOf = (id: string): number => Number(id.slice(1));

/** `count` records, half Chinese and half English; the same seed gives the same. */
export function generateRows(count: number, seed: number): readonly BenchRow[] {
  return generateTemplates(count, seed).map(({ name, category, language, description }, number) => ({
    id: idOf(number),
    name,
    category,
    language,
    description: `${description} (${number})`,
  }));
}
