import { openVariants, type Scope } from '../runs/variants.ts';
import { buildCase } from './build-case.ts';
import { checkCase } from './check-case.ts';
import type { NamedCase } from './named-case.ts';

/** Asks every gateway every case. @returns what went wrong, one line each */
export async function runNamedCases(
  cases: readonly NamedCase[],
  { scope, say }: { readonly scope: Scope; say(line: string): void },
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const one of cases) wrong.push(...(await runNamedCase(one, scope)));
  say(`${cases.length} named cases, ${wrong.length} wrong answers`);
  return wrong;
}

/** Twice each: the second answer comes from a cached plan. */
export async function runNamedCase(one: NamedCase, scope: Scope): Promise<readonly string[]> {
  await using resources = new AsyncDisposableStack();
  const wrong: string[] = [];
  try {
    for (const { name, planner, run } of await openVariants({ subgraphs: buildCase(one), scope, resources })) {
      if (planner === 'apollo' && one.wrongPlanByApollo !== undefined) continue;
      for (const time of ['first', 'second']) {
        const problems = checkCase(one, await run(one.operation));
        if (problems.length > 0) wrong.push(`case "${one.name}", ${name}, ${time} answer: ${problems.join('; ')}`);
      }
    }
  } catch (error) {
    wrong.push(`case "${one.name}" could not be run: ${(error as Error).message}`);
  }
  return wrong;
}
