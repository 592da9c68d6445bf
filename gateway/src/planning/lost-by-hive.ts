import { visit, BREAK } from 'graphql';
import type { Unsuited } from './fallback-planner.js';
import type { PlannedOperation } from './planner.js';

/** What Hive's planner drops or changes without a word. Both may stand in strings too, so the document is asked before it is believed. */
export function lostByHive({ text, document }: PlannedOperation): Unsuited | undefined {
  if (/@(?!skip\b|include\b)[_A-Za-z]/.test(text)) {
    let isFound = false;
    visit(document, {
      Directive({ name }) {
        if (name.value === 'skip' || name.value === 'include') return undefined;
        isFound = true;
        return BREAK;
      },
    });
    if (isFound) return { reason: 'it has a directive other than @skip and @include', isUsable: true };
  }
  if (/\d[eE]\+?\d{3}/.test(text)) {
    let isFound = false;
    visit(document, {
      FloatValue({ value }) {
        if (!/[eE]\+?\d{3}/.test(value)) return undefined;
        isFound = true;
        return BREAK;
      },
    });
    // Another number may ask for, or write, another thing.
    if (isFound) return { reason: 'it has a number too large for a double', isUsable: false };
  }
  return undefined;
}
