export { createTemplatesSubgraph, TEMPLATES, type TemplatesDependencies, type TemplatesSubgraph } from './app.js';
export { limits, type Category, type Template, type TemplateFields } from './domain/template.js';
export { MAX_IMPORT_ROWS, type ImportOutcome, type ImportRow, type ImportTemplates } from './domain/import-templates.js';
export type { TemplateManagement } from './domain/manage-templates.js';
export type { CategoryManagement } from './domain/manage-categories.js';
export { emitSchema } from './graphql/schema.js';
export { templatesConfig } from './config.js';
