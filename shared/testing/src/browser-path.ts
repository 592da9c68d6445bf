import { existsSync } from 'node:fs';

/**
 * Path of a Chromium to test pages with: `CHROMIUM_PATH`, else where Debian installs it. Undefined when there is none; where
 * `LOOM_REQUIRE_STORES` is set, absence is a failure.
 */
export function browserPath(): string | undefined {
  const path = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  if (existsSync(path)) return path;
  if (process.env['LOOM_REQUIRE_STORES'])
    throw new Error('No Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM_PATH.');
  return undefined;
}
