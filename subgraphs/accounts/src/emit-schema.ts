import { buildAccountsSchema } from './graphql/schema.js';
import { modules } from './product-modules.js';

/** The SDL, without stores: nothing is resolved to print it. */
export async function emitSchema(): Promise<string> {
  return (await buildAccountsSchema(modules, [])).sdl;
}
