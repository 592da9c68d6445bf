import { toText } from '../understanding/text.js';
import { clausesOf } from './job-clauses.js';
import { listedTerms, placesOf } from './listed-terms.js';

const namesIn = (...lines: string[]): string[] => {
  const text = toText(['Engineer', ...lines]);
  return clausesOf(text)
    .flatMap((clause) => listedTerms(clause))
    .map(({ start, end }) => text.slice(start, end));
};

describe('R2 names in the lists of a job', () => {
  it('are taken as they are written, known or not', () => {
    expect(namesIn('Skills: Python, Neural Architecture Search, Learning-to-Rank, C++')).toEqual([
      'Python',
      'Neural Architecture Search',
      'Learning-to-Rank',
      'C++',
    ]);
    expect(namesIn('Skills: R, Optuna, C#')).toEqual(['R', 'Optuna', 'C#']);
    expect(namesIn('Nice to have', 'Optuna | Ray | Node.js')).toEqual(['Optuna', 'Ray', 'Node.js']);
  });

  it.each([
    ['two names', 'Skills: Optuna, Ray'],
    ['a sentence', 'Skills: Optuna, Ray, and whatever else it takes to ship'],
    ['numbers and signs', 'Skills: score=100, weight=0, cap=null'],
    ['quotes', 'Skills: "Optuna", "Ray", "Dask"'],
    ['one letter', 'Skills: Optuna, Ray, X'],
  ])('%s are no list', (_, line) => {
    expect(namesIn(line)).toEqual([]);
  });

  it('count under what is required or preferred only', () => {
    expect(namesIn('Optuna, Ray, Dask')).toEqual([]);
    expect(namesIn('Benefits', 'Optuna, Ray, Dask')).toEqual([]);
  });

  it('are found in a resume in any case, with blanks or hyphens, singular or plural, as whole words', () => {
    const text = 'Graph algorithm, GRAPH-ALGORITHMS; paragraph algorithms';
    expect(placesOf('Graph Algorithms', text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'Graph algorithm',
      'GRAPH-ALGORITHMS',
    ]);
    expect(placesOf('C++', 'C, C++ and C')).toEqual([{ start: 3, end: 6 }]);
    expect(placesOf('Ray', 'Array, X-ray')).toHaveLength(1);
  });
});
