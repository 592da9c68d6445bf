export { isShortMatrix, realRecords, type RealRecord } from './real-records.js';
export { auditSubgraph, GET_REQUESTS, type SubgraphAudit } from './audit-subgraph.js';
export { browserPath } from './browser-path.js';
export { FaultProxy } from './fault-proxy.js';
export { probeHalfOpen, type HalfOpenProbe, type HalfOpenReport } from './half-open.js';
export { leaveOutWithout, realStore, realStoreKeys, type RealStoreKey } from './real-store.js';
export { relationalBackends, type RelationalBackend } from './relational-backends.js';
export { column, pdfFile, type Placed } from './resume-files/pdf-file.js';
export { comparePlanted, type FoundFacts } from './resume-files/recall.js';
export {
  plantResume,
  plantedFormats,
  plantedLanguages,
  plantedLayouts,
  type PlantedFacts,
  type PlantedKind,
  type PlantedResume,
} from './resume-files/planted-resume.js';
export { createLocalHost, type SubgraphExecutor, type SubgraphFetch } from './local-host.js';
export { createMemoryTarget, type MemoryTarget } from './memory-target.js';
export { waitFor } from './wait-for.js';
