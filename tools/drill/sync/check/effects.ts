import type { RelationalStore } from '@loomgraph/stores/relational';

export interface EffectReport {
  /** Uses that were written, over templates that still exist. */
  readonly uses: number;
  /** Effects of events that were applied more than once. */
  readonly doubled: number;
  /** Events whose effect is missing. */
  readonly lost: number;
}

/** Each use is an event whose consumer counts it per template and day, so both sums must be equal, template by template. */
export async function checkEffects(record: RelationalStore): Promise<EffectReport> {
  const rows = await record.read().execute<{ uses: number | string; applied: number | string }[]>(
    `select t.usage_count as uses, coalesce((select sum(d.usage_count) from ${record.table('template_usage_daily')} d where d.template_id = t.id), 0) as applied
     from ${record.table('template')} t`,
  );
  const differences = rows.map(({ uses, applied }) => Number(applied) - Number(uses));
  return {
    uses: rows.reduce((sum, { uses }) => sum + Number(uses), 0),
    doubled: differences.filter((one) => one > 0).reduce((sum, one) => sum + one, 0),
    lost: -differences.filter((one) => one < 0).reduce((sum, one) => sum + one, 0),
  };
}
