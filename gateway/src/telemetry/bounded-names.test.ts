import { createBoundedNames } from './bounded-names.js';

describe('createBoundedNames', () => {
  it('keeps the first names and folds all later ones into one', () => {
    const labelOf = createBoundedNames(2);
    expect(['A', 'B', 'C', 'A', undefined, 'D'].map(labelOf)).toEqual(['A', 'B', '(other)', 'A', '(anonymous)', '(other)']);
  });
});
