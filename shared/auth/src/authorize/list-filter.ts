import type { ResourceFilter, ResourceMatch } from '@loomgraph/core';
import { ANY, type PolicyRule } from './policy.js';
import type { SubjectPolicy } from './subject-policy.js';

/**
 * Which resources of the type the subject may touch. Engines answer yes or no to one resource, or list ids up to a limit; a list needs
 * predicates, so they are read from the same rules.
 */
export function filterOf(rules: readonly PolicyRule[], subject: SubjectPolicy, action: string, type: string): ResourceFilter {
  const matches: ResourceMatch[] = [];
  const companies = { any: new Set<string>(), own: new Set<string>(), group: new Set<string>() };
  const everywhere = { own: false, group: false };
  for (const rule of rules) {
    if ((rule.type !== type && rule.type !== ANY) || (rule.action !== action && rule.action !== ANY)) continue;
    if (subject.holdsGlobally(rule.role)) {
      if (rule.reach === 'any') return { kind: 'all' };
      everywhere[rule.reach] = true;
    }
    for (const companyId of subject.companiesWith(rule.role)) companies[rule.reach].add(companyId);
  }
  const own = { ownerId: subject.userId };
  const shared = { groupIds: [...subject.groups] };
  if (companies.any.size > 0) matches.push({ companyIds: [...companies.any] });
  if (everywhere.own) matches.push(own);
  else if (companies.own.size > 0) matches.push({ ...own, companyIds: [...companies.own] });
  if (subject.groups.size > 0) {
    if (everywhere.group) matches.push(shared);
    else if (companies.group.size > 0) matches.push({ ...shared, companyIds: [...companies.group] });
  }
  const ids = subject.granted(type, action);
  if (ids.length > 0) matches.push({ ids });
  return matches.length === 0 ? { kind: 'none' } : { kind: 'some', anyOf: matches };
}
