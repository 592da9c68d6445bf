export { realStore, realStoreKeys, type RealStoreKey } from './real-store.js';
