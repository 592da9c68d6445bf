/** What a run of the tests comprises, from the command line and the environment. */

export const TIERS = ['unit', 'integration', 'e2e'] as const;
export type Tier = (typeof TIERS)[number];

export interface TestPlan {
  readonly tiers: readonly Tier[];
  /** Every tier and nothing picked out. */
  readonly isFull: boolean;
  /** `--coverage` of a full run, for a quarter more time: how much of the code was run is measured, and must suffice. */
  readonly measuresCoverage: boolean;
  /** Whether tests of these tiers use stores. */
  readonly usesStores: boolean;
  /** Arguments given by the caller, for Jest. */
  readonly jestArguments: readonly string[];
}

export class PlanError extends Error {}

/** @throws PlanError when `TEST_TIERS` names a tier that there is not */
export function planTests(env: Readonly<Record<string, string | undefined>>, jestArguments: readonly string[]): TestPlan {
  const tiers = readTiers(env['TEST_TIERS']);
  const picked = jestArguments.filter((argument) => argument !== '--coverage');
  const isFull = tiers.length === TIERS.length && picked.length === 0;
  const measuresCoverage = isFull && jestArguments.includes('--coverage');
  return {
    tiers,
    isFull,
    measuresCoverage,
    usesStores: tiers.some((tier) => tier !== 'unit'),
    jestArguments: isFull ? picked : jestArguments,
  };
}

function readTiers(text: string | undefined): readonly Tier[] {
  const names = (text ?? '').split(',').flatMap((name) => name.trim() || []);
  const unknown = names.filter((name) => !isTier(name));
  if (unknown.length > 0) throw new PlanError(`TEST_TIERS names ${unknown.join(', ')}; there are ${TIERS.join(', ')}.`);
  return names.length === 0 ? TIERS : TIERS.filter((tier) => names.includes(tier));
}

function isTier(name: string): name is Tier {
  return (TIERS as readonly string[]).includes(name);
}
