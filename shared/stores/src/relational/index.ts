export * from './port.js';
export { isTransient, toStoreError } from './errors.js';
export { openPgliteRelational } from './pglite.js';
export { openMySqlRelational, type MySqlOptions, type PoolOptions } from './mysql.js';
export { isOneOf, resourceCondition, type FilteredProperties } from './resource-condition.js';
export { keysetCondition, listRows, orderBy, toPage, type OrderKey } from './list-page.js';
