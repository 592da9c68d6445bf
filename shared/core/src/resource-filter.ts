/** Resources that have all of what is given. At least one part is. */
export interface ResourceMatch {
  readonly ownerId?: string;
  /** Of one of these companies. */
  readonly companyIds?: readonly string[];
  /** Shared with one of these groups. */
  readonly groupIds?: readonly string[];
  /** All of them, however many: hand them to the database as one parameter. */
  readonly ids?: readonly string[];
}

/** Which resources of a type somebody may touch, to be pushed into the query of a list: all, none, or those that fit one of the matches. */
export type ResourceFilter =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'some'; readonly anyOf: readonly ResourceMatch[] };

/** What of a resource a filter looks at; what is left out fits nothing. */
export interface FilteredResource {
  readonly id?: string;
  readonly companyId?: string;
  readonly ownerId?: string;
  readonly groupIds?: readonly string[];
}

/** Whether a resource fits a filter, for what is filtered in memory. */
export function matchesFilter(filter: ResourceFilter, { id, companyId, ownerId, groupIds = [] }: FilteredResource): boolean {
  if (filter.kind !== 'some') return filter.kind === 'all';
  return filter.anyOf.some(
    (match) =>
      (match.ownerId === undefined || match.ownerId === ownerId) &&
      (match.companyIds === undefined || (companyId !== undefined && match.companyIds.includes(companyId))) &&
      (match.groupIds === undefined || match.groupIds.some((groupId) => groupIds.includes(groupId))) &&
      (match.ids === undefined || (id !== undefined && match.ids.includes(id))),
  );
}
