export * from './port.js';
export { openVectorIndex, type VectorIndexOptions } from './pg-vector-index.js';
export { segment } from './segment.js';
export { fuseByReciprocalRank, RRF_K } from './fusion.js';
