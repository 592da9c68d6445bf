import { planTests, PlanError } from './plan.ts';

describe('planTests', () => {
  it('runs every tier when none is named', () => {
    expect(planTests({}, [])).toMatchObject({ tiers: ['unit', 'integration', 'e2e'], isFull: true, usesStores: true });
    expect(planTests({ TEST_TIERS: ' ' }, [])).toMatchObject({ isFull: true });
  });

  it('takes named tiers in their own order', () => {
    expect(planTests({ TEST_TIERS: 'e2e, unit' }, [])).toMatchObject({ tiers: ['unit', 'e2e'], isFull: false });
  });

  it('needs no store for unit tests alone', () => {
    expect(planTests({ TEST_TIERS: 'unit' }, []).usesStores).toBe(false);
  });

  it('is not full when something is picked out', () => {
    expect(planTests({}, ['shared/core'])).toMatchObject({ isFull: false, jestArguments: ['shared/core'] });
  });

  it('measures coverage when a full run is asked to', () => {
    expect(planTests({}, ['--coverage'])).toMatchObject({ isFull: true, measuresCoverage: true, jestArguments: [] });
    expect(planTests({}, [])).toMatchObject({ isFull: true, measuresCoverage: false });
    expect(planTests({}, ['shared/core', '--coverage'])).toMatchObject({
      measuresCoverage: false,
      jestArguments: ['shared/core', '--coverage'],
    });
  });

  it('refuses a tier that there is not', () => {
    expect(() => planTests({ TEST_TIERS: 'unit,acceptance' }, [])).toThrow(PlanError);
  });
});
