import { writeFileSync } from 'node:fs';

/** Writes a command's outcome as JSON to the file `--json` names; `-` is stdout. */
export function writeJson(target: string, value: unknown): void {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (target === '-') process.stdout.write(text);
  else writeFileSync(target, text);
}
