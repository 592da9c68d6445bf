import { settingsOf, type ConfigOf, type ConfigShape } from './setting.js';

/** A rule over several settings: answers what is wrong and how to mend it, naming the variables; or undefined. */
export type ConfigRule<S extends ConfigShape> = (config: ConfigOf<S>) => string | undefined;

export interface ConfigDefinition<S extends ConfigShape = ConfigShape> {
  /** The process or package, as a heading of the generated pages. */
  readonly title: string;
  readonly shape: S;
  readonly rules: readonly ConfigRule<S>[];
}

/** Declares the configuration of a process. Two settings of one definition cannot share a variable. */
export function defineConfig<const S extends ConfigShape>(
  shape: S,
  options: { title?: string; rules?: readonly ConfigRule<S>[] } = {},
): ConfigDefinition<S> {
  const seen = new Map<string, string>();
  for (const { path, setting } of settingsOf(shape)) {
    const key = path.join('.');
    const other = seen.get(setting.env);
    if (other !== undefined) throw new Error(`${setting.env} is declared twice: as ${other} and as ${key}.`);
    seen.set(setting.env, key);
  }
  return { title: options.title ?? 'Settings', shape, rules: options.rules ?? [] };
}
