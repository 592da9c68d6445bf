/** Who may read the schema: everybody, callers with an identity, those with one of two roles, or nobody. */
export const introspectionSettings = ['public', 'authenticated', 'role', 'off'] as const;
export type IntrospectionSetting = (typeof introspectionSettings)[number];
