import { StoreError, systemClock, type Clock } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { LRUCache } from 'lru-cache';
import type { AccessRequest, Authorizer, Decision, ResourceFilter, ResourceRef, Subject } from './authorizer.js';
import { createAuthorizerMetrics, type AuthorizerMetrics } from './authorizer-metrics.js';
import { createCasbinEngine } from './casbin-engine.js';
import { filterOf } from './list-filter.js';
import { PolicyFeed } from './policy-feed.js';
import type { PolicyEvents } from './policy-events.js';
import type { PolicyChange, PolicySource } from './policy-source.js';
import type { PolicyRule } from './policy.js';
import { rememberRules } from './remembered-rules.js';
import type { CreateRuleEngine, RuleEngine } from './rule-engine.js';
import { SubjectPolicy, type Situation } from './subject-policy.js';
import { tokenRolesOf, type TokenRoles } from './token-roles.js';

export interface AuthorizerOptions {
  readonly source: PolicySource;
  /** Which roles of an access token count. Default: those of tokens without a session of ours. */
  readonly tokenRoles?: TokenRoles;
  /** Tells of changes before the next look would find them. */
  readonly events?: PolicyEvents;
  /** How often the version is looked at, the floor of invalidation. Default 500. */
  readonly pollMs?: number;
  /** How long decisions may be made from data that could not be confirmed. Default 10,000. */
  readonly maxUnconfirmedMs?: number;
  /** Users whose policy data is kept. Default 20,000. */
  readonly maxSubjects?: number;
  readonly createEngine?: CreateRuleEngine;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

/** An authorizer of a process, with what keeps its copy of the policy data current. */
export interface PolicyAuthorizer extends Authorizer, AsyncDisposable {
  /** Reads the rules and begins to follow changes. Checks do so by themselves; calling it moves the wait to the start of a process. */
  start(): Promise<void>;
  /** Resolves once everything counts that was committed before the call. @throws StoreError */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

const MAX_SUBJECTS = 20_000;
const anonymous: Decision = Object.freeze({ allowed: false, reason: 'anonymous' });
const refused: Decision = Object.freeze({ allowed: false, reason: 'no-permission' });
const nobody = Promise.resolve(anonymous);
const beyond = Promise.resolve(refused);

/** What an API key was given is the most it may do, whatever its user may. */
function isBeyondKey({ apiKeyId, scopes }: NonNullable<Subject>, action: string, resourceType: string): boolean {
  return apiKeyId !== undefined && !scopes.includes(`${resourceType}:${action}`);
}

/** An authorizer over policy data: loads a user's data when first asked, keeps it and the decisions until a change touches them. */
export function createAuthorizer(options: AuthorizerOptions): PolicyAuthorizer {
  return new CachedAuthorizer(options);
}

class CachedAuthorizer implements PolicyAuthorizer {
  readonly #source: PolicySource;
  readonly #tokenRoles: TokenRoles;
  readonly #createEngine: CreateRuleEngine;
  readonly #events: PolicyEvents | undefined;
  readonly #maxUnconfirmedMs: number;
  readonly #clock: Clock;
  readonly #feed: PolicyFeed;
  readonly #metrics: AuthorizerMetrics | undefined;
  /** By user id and, where they count, the roles of the token. Those that are being loaded are promises. */
  readonly #subjects: LRUCache<string, SubjectPolicy | Promise<SubjectPolicy>>;
  /** Keys that take time to make; identities are shared between requests by the token verifier. */
  readonly #keys = new WeakMap<object, string>();
  #rules: readonly PolicyRule[] = [];
  #engine: RuleEngine | undefined;
  #starting: Promise<void> | undefined;
  #following: AsyncDisposable | undefined;
  #closed = false;

  constructor(options: AuthorizerOptions) {
    const { source, tokenRoles = tokenRolesOf(), createEngine = createCasbinEngine, clock = systemClock } = options;
    this.#source = source;
    this.#tokenRoles = tokenRoles;
    this.#createEngine = createEngine;
    this.#events = options.events;
    this.#maxUnconfirmedMs = options.maxUnconfirmedMs ?? 10_000;
    this.#clock = clock;
    this.#subjects = new LRUCache({ max: options.maxSubjects ?? MAX_SUBJECTS });
    this.#feed = new PolicyFeed({
      source,
      apply: (changes) => this.#apply(changes),
      pollMs: options.pollMs ?? 500,
      clock,
      ...(options.logger === undefined ? {} : { logger: options.logger }),
    });
    this.#metrics =
      options.metrics && createAuthorizerMetrics(options.metrics, () => (clock.now().getTime() - this.#feed.confirmedAt) / 1_000);
  }

  start(): Promise<void> {
    return (this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    }));
  }

  refresh(): Promise<void> {
    return this.#feed.look();
  }

  check(subject: Subject, action: string, resource: ResourceRef): Promise<Decision> {
    if (subject === null) return nobody;
    if (isBeyondKey(subject, action, resource.type)) return beyond;
    const known = this.#known(subject);
    if (known) return this.#decide(known, action, resource);
    return this.#load(subject).then((policy) => this.#decide(policy, action, resource));
  }

  async checkMany(subject: Subject, requests: readonly AccessRequest[]): Promise<readonly Decision[]> {
    if (subject === null) return requests.map(() => anonymous);
    const policy = this.#known(subject) ?? (await this.#load(subject));
    return Promise.all(
      requests.map(({ action, resource }) =>
        isBeyondKey(subject, action, resource.type) ? beyond : this.#decide(policy, action, resource),
      ),
    );
  }

  async filter(subject: Subject, action: string, resourceType: string): Promise<ResourceFilter> {
    if (subject === null || isBeyondKey(subject, action, resourceType)) return { kind: 'none' };
    // First the data: the rules may be read with it.
    const policy = this.#known(subject) ?? (await this.#load(subject));
    return filterOf(this.#rules, policy, action, resourceType);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#starting?.catch(() => undefined);
    await this.#following?.[Symbol.asyncDispose]();
    await this.#feed.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #start(): Promise<void> {
    if (this.#closed) throw new StoreError('unavailable', 'policy', 'The authorizer is closed.');
    // Events first: what happens between the first look and the subscription would else wait for the second look.
    this.#following ??= await this.#events?.follow(() => void this.#feed.look().catch(() => undefined));
    await this.#feed.start();
  }

  /** The subject's policy, where it is here and may be used. */
  #known(subject: NonNullable<Subject>): SubjectPolicy | undefined {
    if (!this.#isCurrent()) return undefined;
    const known = this.#subjects.get(this.#keyOf(subject));
    if (!(known instanceof SubjectPolicy)) return undefined;
    this.#metrics?.hit();
    return known;
  }

  async #load(subject: NonNullable<Subject>): Promise<SubjectPolicy> {
    await this.start();
    if (!this.#isCurrent()) await this.#confirm();
    const key = this.#keyOf(subject);
    const known = this.#subjects.get(key);
    if (known !== undefined) return known;
    this.#metrics?.miss();
    const loading: Promise<SubjectPolicy> = this.#source
      .factsOf(subject.userId)
      .then((facts) => new SubjectPolicy(subject.userId, facts, this.#tokenRoles(subject)));
    this.#subjects.set(key, loading);
    try {
      const policy = await loading;
      // A change that came meanwhile has taken the promise away: what was read may be from before it, and is not kept.
      if (this.#subjects.peek(key) === loading) this.#subjects.set(key, policy);
      return policy;
    } catch (error) {
      if (this.#subjects.peek(key) === loading) this.#subjects.delete(key);
      throw error;
    }
  }

  #decide(policy: SubjectPolicy, action: string, resource: ResourceRef): Promise<Decision> {
    return policy.decision(policy.situationOf(action, resource), (situation) => this.#evaluate(policy, situation));
  }

  #evaluate(policy: SubjectPolicy, situation: Situation): Decision {
    const rule = this.#engine?.decide(policy, situation);
    if (rule) return allowed(rule, policy, situation);
    if (!situation.isGranted) return refused;
    return Object.freeze({ allowed: true, reason: 'grant', policy: `grant ${situation.type}:${situation.action}` });
  }

  #keyOf(subject: NonNullable<Subject>): string {
    const { userId } = subject;
    const roles = this.#tokenRoles(subject);
    // No user id may read like a key with roles, or its bearer could be taken for another.
    if (roles.length === 0 && !userId.startsWith('[')) return userId;
    const known = this.#keys.get(subject);
    if (known !== undefined) return known;
    const key = JSON.stringify([userId, ...roles]);
    this.#keys.set(subject, key);
    return key;
  }

  #isCurrent(): boolean {
    return this.#engine !== undefined && this.#clock.now().getTime() - this.#feed.confirmedAt <= this.#maxUnconfirmedMs;
  }

  /** @throws StoreError `unavailable`: nothing is allowed by data that may be out of date. */
  async #confirm(): Promise<void> {
    try {
      await this.#feed.look();
    } catch (cause) {
      throw new StoreError('unavailable', 'policy', `The policy data has not been readable for ${this.#maxUnconfirmedMs} ms.`, { cause });
    }
  }

  async #apply(changes: readonly PolicyChange[] | 'all'): Promise<void> {
    if (changes === 'all' || changes.some(({ kind }) => kind === 'rules')) {
      const rules = await this.#source.rules();
      this.#engine = rememberRules(await this.#createEngine(rules));
      this.#rules = rules;
      // Decisions of every subject were made with the old rules.
      this.#subjects.clear();
      return;
    }
    const users = new Set(changes.filter(({ kind }) => kind === 'user').map((change) => idOf(change)));
    const groups = changes.filter(({ kind }) => kind === 'group').map((change) => idOf(change));
    for (const [key, policy] of this.#subjects.entries()) {
      // What is being loaded names no user yet: it goes, and is loaded again.
      if (!(policy instanceof SubjectPolicy) || users.has(policy.userId) || groups.some((id) => policy.groups.has(id)))
        this.#subjects.delete(key);
    }
  }
}

const idOf = (change: PolicyChange): string => (change.kind === 'rules' ? '' : change.id);

function allowed(rule: PolicyRule, policy: SubjectPolicy, { companyId }: Situation): Decision {
  const where = policy.holdsGlobally(rule.role) ? '' : `@${companyId}`;
  const reach = rule.reach === 'any' ? '' : ` (${rule.reach})`;
  return Object.freeze({
    allowed: true,
    reason: rule.reach === 'any' ? 'role' : rule.reach,
    policy: `${rule.role}${where} ${rule.type}:${rule.action}${reach}`,
  });
}
