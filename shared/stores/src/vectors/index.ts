export * from './port.js';
export { takes, type StoredOrder, type WriteOrder } from './write-order.js';
export { openVectorIndex, type VectorIndexOptions } from './pg-vector-index.js';
export { segment, withoutEmptyWords } from './segment.js';
export { fuseByReciprocalRank, RRF_K } from './fusion.js';
export { openEmbeddingTable, type EmbeddingTable } from './embedding-store.js';
