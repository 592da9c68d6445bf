/** Cursors carry the tag of their list, so that another one refuses them. */
export const permissionCursors = { roles: 'pr', memberships: 'pm', groups: 'pg', members: 'pu', grants: 'pa' } as const;
