import type { Decision, ResourceRef } from './authorizer.js';
import { ANY, EVERYONE, type SubjectFacts } from './policy.js';

/** What of a resource the policy of one subject can tell apart: all resources with the same situation get the same decision. */
export interface Situation {
  readonly type: string;
  readonly action: string;
  /** The resource's company, where the subject holds a role for it. */
  readonly companyId: string | null;
  readonly isOwn: boolean;
  /** Shared with a group of the subject. */
  readonly isShared: boolean;
  readonly isGranted: boolean;
}

/** Decisions of one subject that are kept before all are forgotten: types and actions are few, so only made-up names get there. */
const MAX_DECISIONS = 4_096;

/** One subject's policy data, indexed for checks, and the decisions that were made with it. It lives until a change touches it. */
export class SubjectPolicy {
  readonly userId: string;
  readonly groups: ReadonlySet<string>;
  /** Companies the subject holds a role for, each with a number of its own from 1. */
  readonly companies: ReadonlyMap<string, number>;
  readonly #global: ReadonlySet<string>;
  readonly #inCompany: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #grants: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
  #decisions = new Map<string, Map<string, Promise<Decision>[]>>();
  #kept = 0;

  /** @param tokenRoles roles that hold globally beside those of the policy data */
  constructor(userId: string, facts: SubjectFacts, tokenRoles: readonly string[]) {
    this.userId = userId;
    this.groups = new Set(facts.groups);
    this.#global = new Set([EVERYONE, ...tokenRoles, ...facts.roles.filter(({ companyId }) => companyId === null).map(({ role }) => role)]);
    const inCompany = new Map<string, Set<string>>();
    for (const { role, companyId } of facts.roles) if (companyId !== null) entryOf(inCompany, companyId, () => new Set()).add(role);
    this.#inCompany = inCompany;
    this.companies = new Map([...inCompany.keys()].map((companyId, index) => [companyId, index + 1]));
    const grants = new Map<string, Map<string, Set<string>>>();
    for (const { type, action, id } of facts.grants) {
      entryOf(
        entryOf(grants, type, () => new Map<string, Set<string>>()),
        action,
        () => new Set(),
      ).add(id);
    }
    this.#grants = grants;
  }

  /** Whether the role is held globally, or for the company. */
  holds(role: string, companyId: string | null): boolean {
    return this.#global.has(role) || (companyId !== null && this.#inCompany.get(companyId)?.has(role) === true);
  }

  /** All roles that count for a resource of the company, as a text that is the same for the same roles. */
  rolesAt(companyId: string | null): string {
    const inCompany = companyId === null ? undefined : this.#inCompany.get(companyId);
    return JSON.stringify([...new Set([...this.#global, ...(inCompany ?? [])])].toSorted());
  }

  holdsGlobally(role: string): boolean {
    return this.#global.has(role);
  }

  companiesWith(role: string): readonly string[] {
    return [...this.#inCompany].filter(([, roles]) => roles.has(role)).map(([companyId]) => companyId);
  }

  /** Ids of the type with a grant for the action. */
  granted(type: string, action: string): readonly string[] {
    const ofType = this.#grants.get(type);
    return [...new Set([...(ofType?.get(action) ?? []), ...(ofType?.get(ANY) ?? [])])];
  }

  situationOf(action: string, { type, id, companyId, ownerId, groupIds }: ResourceRef): Situation {
    const ofType = id === undefined ? undefined : this.#grants.get(type);
    return {
      type,
      action,
      companyId: companyId !== undefined && this.companies.has(companyId) ? companyId : null,
      isOwn: ownerId === this.userId,
      isShared: groupIds?.some((groupId) => this.groups.has(groupId)) ?? false,
      isGranted: ofType !== undefined && id !== undefined && (ofType.get(action)?.has(id) === true || ofType.get(ANY)?.has(id) === true),
    };
  }

  /** The decision that was made in this situation, else the one that `decide` makes now. Both are promises: a hit makes nothing new. */
  decision(situation: Situation, decide: (situation: Situation) => Decision): Promise<Decision> {
    const { type, action, companyId, isOwn, isShared, isGranted } = situation;
    const slots = this.#slots(type, action);
    const company = companyId === null ? 0 : (this.companies.get(companyId) ?? 0);
    const slot = company * 8 + (isOwn ? 4 : 0) + (isShared ? 2 : 0) + (isGranted ? 1 : 0);
    return (slots[slot] ??= Promise.resolve(decide(situation)));
  }

  #slots(type: string, action: string): Promise<Decision>[] {
    const known = this.#decisions.get(type)?.get(action);
    if (known) return known;
    if (this.#kept >= MAX_DECISIONS) {
      this.#decisions = new Map();
      this.#kept = 0;
    }
    this.#kept += 1;
    return entryOf(
      entryOf(this.#decisions, type, () => new Map<string, Promise<Decision>[]>()),
      action,
      () => [],
    );
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
