import { fixtureTypes } from './plan-test-types.fixture.js';

describe('type conditions', () => {
  it.each([
    ['Book', 'Book', true],
    ['Book', 'Media', true],
    ['Book', 'Any', true],
    ['Film', 'Any', false],
    ['Media', 'Book', false],
    ['Unknown', 'Media', false],
    ['Book', 'Unknown', false],
    ['Unknown', 'Unknown', true],
  ])('%s fits %s: %s', (typename, type, fits) => {
    expect(fixtureTypes.fits(typename, type)).toBe(fits);
    expect(fixtureTypes.fits(typename, type)).toBe(fits); // as remembered
  });

  it('tells concrete types from interfaces and unknown names', () => {
    expect(['Book', 'Media', 'Any', 'Unknown'].map((name) => fixtureTypes.isConcrete(name))).toEqual([true, false, false, false]);
  });
});
