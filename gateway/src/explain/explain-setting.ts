/** Who may ask for explanations: callers with one of the roles `admin` and `explain`, everyone, or nobody. */
export const explainSettings = ['role', 'public', 'off'] as const;
export type ExplainSetting = (typeof explainSettings)[number];
