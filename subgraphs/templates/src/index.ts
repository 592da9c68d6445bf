export { createTemplatesSubgraph, TEMPLATES, type TemplatesDependencies, type TemplatesSubgraph } from './app.js';
export type { Category, Template, TemplateFields } from './domain/template.js';
export type { TemplateManagement } from './domain/manage-templates.js';
export type { CategoryManagement } from './domain/manage-categories.js';
export { emitSchema } from './graphql/schema.js';
export { templatesConfig } from './config.js';
