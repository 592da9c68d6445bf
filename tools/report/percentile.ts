/**
 * The smallest value that at least `share` (0 to 1) of all values do not exceed (nearest rank): always one that was measured.
 * @returns NaN for no values
 */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
