import Table from 'cli-table3';
import type { CheckedChange, CheckReport } from './check.ts';

const NAMED_OPERATIONS = 3;

/** The report for people: a table of changes, the operations that break, and what it comes to. */
export function renderReport(report: CheckReport, context: { readonly against: string }): string {
  const parts: string[] = [];
  if (report.changes.length > 0) {
    const table = new Table({ head: ['', 'change', 'what', 'used by'], style: { head: [], border: [] }, wordWrap: true });
    for (const change of report.changes) table.push([verdictOf(change), change.kind, change.description, usersOf(change)]);
    parts.push(table.toString());
  }
  if (report.broken.length > 0) {
    parts.push(['Operations that no longer fit:', ...report.broken.map(({ operation, reason }) => `  ${operation}: ${reason}`)].join('\n'));
  }
  if (report.ignored.length > 0) parts.push(`Not looked at, as they do not fit ${context.against}: ${report.ignored.join(', ')}`);
  parts.push(summaryOf(report, context.against));
  return `${parts.join('\n\n')}\n`;
}

/** `unused`: breaking or dangerous for somebody, and nobody recorded is it. */
function verdictOf({ severity, usedBy }: CheckedChange): string {
  return usedBy?.length === 0 ? `unused ${severity}` : severity;
}

function usersOf({ usedBy }: CheckedChange): string {
  if (usedBy === undefined) return '?';
  if (usedBy.length === 0) return 'none';
  const more = usedBy.length - NAMED_OPERATIONS;
  return usedBy.slice(0, NAMED_OPERATIONS).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function summaryOf({ changes, broken, operations, isBreaking }: CheckReport, against: string): string {
  const count = (severity: CheckedChange['severity']): number => changes.filter((change) => change.severity === severity).length;
  const found = `${count('breaking')} breaking and ${count('dangerous')} dangerous changes against ${against}`;
  if (operations === undefined) return `${found}.`;
  const users = new Set([
    ...changes.filter(({ severity }) => severity === 'breaking').flatMap(({ usedBy }) => usedBy ?? []),
    ...broken.map(({ operation }) => operation),
  ]);
  return `${found}; ${isBreaking ? `${users.size} of ${operations} recorded operations break` : `none of ${operations} recorded operations breaks`}.`;
}
