import type { AccountsModule } from './modules.js';
import { permissionsModule } from './permissions.module.js';
import { securityModule } from './security.module.js';

/** All modules of the product. */
export const modules: readonly AccountsModule[] = [permissionsModule, securityModule];
