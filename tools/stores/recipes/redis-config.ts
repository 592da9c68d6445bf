/** Settings that every data-holding Redis process here has; relative paths are below its working folder. */
export const REDIS_SETTINGS: Readonly<Record<string, string>> = {
  bind: '127.0.0.1',
  dir: './',
  appendonly: 'yes',
  appendfsync: 'everysec',
  save: '""', // The append-only file is enough.
  'maxmemory-policy': 'noeviction',
  'repl-diskless-sync-delay': '0',
};

/** A `redis.conf`. */
export function renderRedisConfig(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key} ${value}\n`)
    .join('');
}
