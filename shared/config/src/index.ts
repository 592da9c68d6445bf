// declaring
export { defineConfig, type ConfigDefinition, type ConfigRule } from './define-config.js';
export { setting, type ConfigOf, type ConfigShape, type Setting, type SettingOptions } from './setting.js';
// primitives
export { byteSize, duration, flag, integer, list, port, ratio, secret, text, url } from './primitives.js';
export { parseMultiHostUrl, type MultiHostUrl } from './multi-host-url.js';
export { Secret } from './secret.js';
// reading
export { ConfigError, loadConfig, type Environment } from './load-config.js';
// generated pages
export { configKeys, renderConfigDoc, renderEnvExample, type AnyConfigDefinition } from './render.js';
// settings several processes share
export { aiSettings, providerSettings } from './settings/ai.js';
export { accountsRules, accountsSettings } from './settings/accounts.js';
export { resumesRules, resumesSettings } from './settings/resumes.js';
export { storeSettings } from './settings/stores.js';
