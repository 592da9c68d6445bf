import type { TemplateOrder } from './ports.js';

/** Cursors carry the tag of their list and order, so that another order refuses them. */
export const templateCursorTag = (order: TemplateOrder): string => `t:${order.field}:${order.direction}`;
export const ratingCursorTag = 'r';
