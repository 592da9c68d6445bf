/** Which real stores a run has. */
import { STORE_NAMES, type StoreName } from '../../stores/names.ts';
import { RECIPES } from '../../stores/recipes/all.ts';

export interface StoreUse {
  readonly present: readonly StoreName[];
  readonly absent: readonly StoreName[];
}

/** By the variables that name them. */
export function storesOf(env: Readonly<Record<string, string | undefined>>): StoreUse {
  const isPresent = (name: StoreName): boolean => Boolean(env[RECIPES[name].envKey]);
  return { present: STORE_NAMES.filter(isPresent), absent: STORE_NAMES.filter((name) => !isPresent(name)) };
}

export function renderStores({ present, absent }: StoreUse): string {
  const total = present.length + absent.length;
  const lines = [`Real stores: ${present.length} of ${total}${present.length > 0 ? ` (${present.join(', ')})` : ''}`];
  if (absent.length > 0) lines.push(`  left out: ${absent.join(', ')}; to test them too: ${startCommand({ present, absent })}`);
  return lines.join('\n');
}

/** The command that starts what is absent. */
export function startCommand({ present, absent }: StoreUse): string {
  return `npm run stores -- up${present.length > 0 ? ` --only ${absent.join(',')}` : ''}`;
}
