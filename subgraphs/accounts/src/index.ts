export { ACCOUNTS, createAccountsSubgraph, type AccountsDependencies, type AccountsSubgraph } from './app.js';
export { accountsConfig } from './config.js';
export { emitSchema } from './emit-schema.js';
export { ensureAdministrator, PASSWORD_FILE } from './ensure-administrator.js';
export { accountsOptions, type AccountsOptions } from './options.js';
export type { OutboxMail } from './adapters/open-mailer.js';
export type { PasswordHasher, Revocations } from './domain/ports.js';
export type { PublicDocuments, TokenKeys } from './well-known.js';
