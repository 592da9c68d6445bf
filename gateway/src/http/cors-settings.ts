import { duration, flag, list, setting, type ConfigOf } from '@loomgraph/config';
import { z } from 'zod';
import type { CorsSettings } from './cors.js';

/** Which pages of other sites may use the endpoint from a browser. */
export const corsSettings = {
  origins: setting({
    env: 'CORS_ORIGINS',
    schema: origins(),
    default: '',
    doc: 'Origins whose pages may use the endpoint, with commas between: https://app.example,http://localhost:3000; * for any. None: pages of the same origin only.',
  }),
  credentials: setting({
    env: 'CORS_CREDENTIALS',
    schema: flag(),
    default: false,
    doc: 'Whether such pages may send cookies; not with CORS_ORIGINS=*.',
  }),
  maxAgeMs: setting({
    env: 'CORS_MAX_AGE',
    schema: duration(),
    default: '1h',
    doc: 'How long browsers may remember what they were told before a request (preflight).',
  }),
};

/** @returns what is wrong with the settings together */
export function corsProblem({ origins, credentials }: ConfigOf<typeof corsSettings> | CorsSettings): string | undefined {
  return credentials && origins.includes('*') ? 'CORS_CREDENTIALS: cannot be true while CORS_ORIGINS is *; name the origins' : undefined;
}

function origins() {
  return list().transform((items, context): readonly string[] => {
    const refused = items.find((item) => item !== '*' && !isOrigin(item));
    if (refused !== undefined) {
      context.addIssue({
        code: 'custom',
        message: `expected origins such as https://app.example with commas between; "${refused}" is none`,
      });
      return z.NEVER;
    }
    return items;
  });
}

/** As a browser writes it: no path, no default port, in lower case. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
