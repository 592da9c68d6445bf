/** `npm run lint:repository`: what holds for the repository as a whole and no other linter sees. */
import { ROOT } from '../run/launch/paths.mjs';
import { runProgram } from '../run/run-program.ts';
import { repositoryRules } from './repository-rules.ts';
import { readRepository } from './repository.ts';

await runProgram(async () => {
  const repository = await readRepository(ROOT);
  const problems = repositoryRules.flatMap((rule) => rule(repository));
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  return problems.length > 0 ? 1 : 0;
});
