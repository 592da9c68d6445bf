/** Where two texts that differ part: `12: "old line" should be "new line"`. */
export function firstDifference(actual: string, expected: string): string {
  const [old, wanted] = [actual.split('\n'), expected.split('\n')];
  const index = Math.max(
    0,
    wanted.findIndex((line, position) => line !== old[position]),
  );
  return `${index + 1}: ${JSON.stringify(old[index] ?? '')} should be ${JSON.stringify(wanted[index] ?? '')}`;
}
