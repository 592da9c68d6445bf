/** What commands need of the product's process without loading it. */
export { processConfig, type ProcessConfig } from './config.js';
export { developmentSecret } from './development-secret.js';
