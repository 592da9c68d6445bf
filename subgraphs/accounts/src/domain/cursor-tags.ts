import type { UserOrder } from './ports.js';

/** Cursors carry the tag of their list and order, so that another order refuses them. */
export const userCursorTag = (order: UserOrder): string => `u:${order.field}:${order.direction}`;

/** The audit log has one order. */
export const AUDIT_CURSOR = 'audit';
