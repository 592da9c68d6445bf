import { LoomError } from '@loomgraph/core';
import type { ConfigDefinition } from './define-config.js';
import { isSetting, type ConfigOf, type ConfigShape, type Setting } from './setting.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration does not fit: `problems` has one line for each thing to mend. */
export class ConfigError extends LoomError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const heading = `The configuration does not fit (${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}):`;
    super('CONFIG_INVALID', [heading, ...problems.map((problem) => `  - ${problem}`)].join('\n'), { details: { problems } });
    this.problems = problems;
  }
}

/** Thrown to a rule that reads a setting which is itself a problem; the rule is then left out. */
class UnreadableSetting extends Error {}

/**
 * Reads the configuration from an environment.
 *
 * 1. A variable that is empty or blank counts as not set; blanks around a value are dropped.
 * 2. Everything wrong is reported at once; rules over settings that could be read are part of that.
 * 3. The answer and everything in it is frozen.
 * @throws ConfigError (CONFIG_INVALID)
 */
export function loadConfig<S extends ConfigShape>(definition: ConfigDefinition<S>, env: Environment): ConfigOf<S> {
  const problems: string[] = [];
  const config = readGroup(definition.shape, env, problems) as ConfigOf<S>; // built key by key from the same shape
  for (const rule of definition.rules) {
    const problem = tryRule(() => rule(config));
    if (problem !== undefined) problems.push(problem);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function tryRule(rule: () => string | undefined): string | undefined {
  try {
    return rule();
  } catch (error) {
    if (error instanceof UnreadableSetting) return undefined;
    throw error;
  }
}

function readGroup(shape: ConfigShape, env: Environment, problems: string[]): object {
  const group = {};
  for (const [key, value] of Object.entries(shape)) {
    if (!isSetting(value)) {
      Object.defineProperty(group, key, { value: readGroup(value, env, problems), enumerable: true });
      continue;
    }
    const outcome = readSetting(value, env);
    if (outcome.kind === 'read') {
      Object.defineProperty(group, key, { value: freeze(outcome.value), enumerable: true });
      continue;
    }
    problems.push(outcome.problem);
    Object.defineProperty(group, key, {
      get() {
        throw new UnreadableSetting(value.env);
      },
    });
  }
  return Object.freeze(group);
}

type Outcome = { readonly kind: 'read'; readonly value: unknown } | { readonly kind: 'problem'; readonly problem: string };

function readSetting(setting: Setting, env: Environment): Outcome {
  const given = env[setting.env]?.trim() || undefined;
  const result = setting.schema.safeParse(given ?? setting.default);
  if (result.success) return { kind: 'read', value: result.data };
  const expected = [...new Set(result.error.issues.map((issue) => issue.message))].join('; ');
  return { kind: 'problem', problem: `${setting.env}: ${describeGiven(setting, given)}; ${expected}` };
}

function describeGiven(setting: Setting, given: string | undefined): string {
  if (given === undefined) return setting.default === undefined ? 'is not set' : 'has a default that does not fit';
  if (setting.secret) return 'does not fit (value not shown)';
  return `${JSON.stringify(given.length > 80 ? `${given.slice(0, 80)}…` : given)} does not fit`;
}

function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
