export { createResumesSubgraph, RESUMES, type ResumesDependencies, type ResumesOptions, type ResumesSubgraph } from './app.js';
export { createConfiguredAnalyser, type AnalyserSettings } from './adapters/configured-analyser.js';
export { emitSchema } from './graphql/schema.js';
export { resumesConfig } from './config.js';
export { restRoutes } from './rest/index.js';
// the parts that evaluations, drills and benches take by themselves
export { createFileReader } from './adapters/file-reader.js';
export { SWEEP } from './adapters/sweep.js';
export { cutWords } from './adapters/word-cutter.js';
export { createLocalAnalyser } from './domain/suggestions/local-analyser.js';
export { NothingAsked } from './domain/suggestions/suggestion-analyser.js';
export { analyse } from './domain/understanding/analyse.js';
export { toText } from './domain/understanding/text.js';
export { createUnderstand, type Understand } from './domain/understanding/understand.js';
