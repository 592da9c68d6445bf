export { claimDataDir } from './data-dir.js';
export { createStoreSet, type StoreSet, type StoreSetOptions, type StoreUrls } from './store-set.js';
