import type { CompositionProblem } from './problem.js';

/** One mistake can cause dozens of problems; the first few say all there is to say. */
const SHOWN_PROBLEMS = 8;

/** Problems as a person reads them at a terminal: each with the lines of SDL it is about, a caret, and how it is mended. */
export function formatProblems(problems: readonly CompositionProblem[]): string {
  const blocks = problems.slice(0, SHOWN_PROBLEMS).map(formatProblem);
  if (problems.length > blocks.length) blocks.push(`and ${problems.length - blocks.length} more`);
  return blocks.join('\n\n');
}

function formatProblem({ text, excerpts, hint }: CompositionProblem): string {
  const lines = excerpts.flatMap((excerpt) => ['', ...excerpt.split('\n').map((line) => `    ${line}`)]);
  return [text, ...lines, ...(hint === undefined ? [] : ['', `    To mend it: ${hint}.`])].join('\n');
}
