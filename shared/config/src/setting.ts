import type { z } from 'zod';

/** One key of the environment. */
export interface Setting<T = unknown> {
  readonly kind: 'setting';
  /** Name of the environment variable, `UPPER_SNAKE_CASE`. */
  readonly env: string;
  /** Reads the text of the variable; given `undefined` when it is not set and has no default. */
  readonly schema: z.ZodType<T>;
  /** As it would be written in the environment, and read by the same schema. */
  readonly default?: string;
  /** One or two sentences for the person who runs the system. */
  readonly doc: string;
  readonly unit?: string;
  /** The value is never printed: not in problems, not in generated pages. */
  readonly secret: boolean;
}

export interface SettingOptions<S extends z.ZodType> {
  readonly env: string;
  readonly schema: S;
  readonly default?: string | number | boolean;
  readonly doc: string;
  readonly unit?: string;
  readonly secret?: boolean;
}

/** Declares a setting. Without `default` it is required, unless its schema is `.optional()`. */
export function setting<S extends z.ZodType>(options: SettingOptions<S>): Setting<z.output<S>> {
  const { env, schema, doc, unit, secret = false } = options;
  if (!/^[A-Z][A-Z0-9_]*$/.test(env)) throw new Error(`${env} is no name for an environment variable: use UPPER_SNAKE_CASE.`);
  return {
    kind: 'setting',
    env,
    schema: schema as z.ZodType<z.output<S>>, // the input type is of no use here: every input is the text of a variable
    doc,
    secret,
    ...(unit === undefined ? {} : { unit }),
    ...(options.default === undefined ? {} : { default: String(options.default) }),
  };
}

/** Settings in nested groups; the nesting is that of the loaded configuration. */
export interface ConfigShape {
  readonly [key: string]: Setting | ConfigShape;
}

/** The loaded configuration of a shape. */
export type ConfigOf<S> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : ConfigOf<S[K]>;
};

export function isSetting(value: Setting | ConfigShape): value is Setting {
  return value.kind === 'setting' && typeof value['env'] === 'string';
}

/** Every setting of a shape, depth first, with where it stands. */
export function* settingsOf(shape: ConfigShape, path: readonly string[] = []): Generator<{ path: readonly string[]; setting: Setting }> {
  for (const [key, value] of Object.entries(shape)) {
    const here = [...path, key];
    if (isSetting(value)) yield { path: here, setting: value };
    else yield* settingsOf(value, here);
  }
}
