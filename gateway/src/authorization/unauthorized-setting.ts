/** What happens to an operation of which a caller may not have all: the rest of it is answered, or it is refused. */
export const unauthorizedSettings = ['cut', 'refuse'] as const;
export type UnauthorizedSetting = (typeof unauthorizedSettings)[number];
