export { createStoreSet, type StoreSet, type StoreSetOptions, type StoreUrls } from './store-set.js';
