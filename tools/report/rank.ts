/**
 * How one of two kinds of measurement stands to the other, whatever their distributions: the share of all pairs in which that of `ones` is larger,
 * ties counting half (Mann and Whitney's U over the number of pairs; Vargha and Delaney's A). 0.5 where nothing tells them apart.
 * @returns `share` and `error`, the standard error of it where nothing does; NaN for no values
 */
export function superiority(ones: readonly number[], others: readonly number[]): { readonly share: number; readonly error: number } {
  const [n, m] = [ones.length, others.length];
  if (n === 0 || m === 0) return { share: Number.NaN, error: Number.NaN };
  const all = [...ones.map((value) => ({ value, isOne: true })), ...others.map((value) => ({ value, isOne: false }))].sort(
    (a, b) => a.value - b.value,
  );
  let rankSum = 0;
  for (let start = 0; start < all.length;) {
    let end = start + 1;
    while (end < all.length && all[end]?.value === all[start]?.value) end += 1;
    // Those that are equal share the middle of their ranks, which count from 1.
    const rank = (start + 1 + end) / 2;
    for (const { isOne } of all.slice(start, end)) if (isOne) rankSum += rank;
    start = end;
  }
  return { share: (rankSum - (n * (n + 1)) / 2) / (n * m), error: Math.sqrt((n + m + 1) / (12 * n * m)) };
}
