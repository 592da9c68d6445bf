/**
 * Lets a plain Node process run the workspace's TypeScript sources (`node --import`), so that a test can start one to kill it and needs no build.
 * Node strips the types; names end in `.js` and packages name their builds, which this maps to the sources.
 */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const shared = new URL('../../../', import.meta.url);

registerHooks({
  resolve(specifier, context, next) {
    const [, name, room] = /^@loomgraph\/([a-z-]+)(?:\/([a-z-]+))?$/.exec(specifier) ?? [];
    if (name) return next(new URL(`${name}/src/${room ? `${room}/` : ''}index.ts`, shared).href, context);
    if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (existsSync(fileURLToPath(source))) return next(source.href, context);
    }
    return next(specifier, context);
  },
});
