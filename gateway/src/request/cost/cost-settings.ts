import { integer, list, setting, type ConfigOf } from '@loomgraph/config';
import { z } from 'zod';
import { costModes, defaultCostSettings, type CostSettings } from './demand.js';

const OFF = 0;

/** What a request may cost. */
export const costSettings = {
  mode: setting({
    env: 'COST_MODE',
    schema: z.enum(costModes),
    default: defaultCostSettings.mode,
    doc: 'What is done with the estimated cost of operations: enforce refuses those that may cost too much, measure only counts and logs them, off estimates nothing.',
  }),
  maxCost: setting({
    env: 'MAX_COST',
    schema: integer({ min: OFF }),
    default: defaultCostSettings.maxCost,
    doc: 'What a request may cost, see docs/limits.md: about the number of objects it may answer. 0: no limit.',
  }),
  maxCostByRole: setting({
    env: 'MAX_COST_BY_ROLE',
    schema: roleCosts(),
    default: '',
    doc: 'What callers of a role may ask for beyond MAX_COST, with commas between: admin=1000000,partner=300000.',
  }),
  defaultListSize: setting({
    env: 'DEFAULT_LIST_SIZE',
    schema: integer({ min: 1 }),
    default: defaultCostSettings.defaultListSize,
    doc: 'How many items a list is taken to hold where neither `@listSize` nor an argument says.',
  }),
  listArguments: setting({
    env: 'LIST_ARGUMENTS',
    schema: list(),
    default: defaultCostSettings.listArguments.join(','),
    doc: 'Arguments that say how many items a list or connection without `@listSize` answers.',
  }),
};

export function toCostSettings(settings: ConfigOf<typeof costSettings>): CostSettings {
  return { ...settings, maxCost: settings.maxCost === OFF ? Infinity : settings.maxCost };
}

/** `role=cost` with commas between; a role stands once. */
function roleCosts() {
  return list().transform((items, context): ReadonlyMap<string, number> => {
    const costs = new Map<string, number>();
    for (const item of items) {
      const [, role = '', cost = ''] = /^([^=\s]+)\s*=\s*(\d{1,15})$/.exec(item) ?? [];
      if (role === '' || costs.has(role)) {
        context.addIssue({ code: 'custom', message: 'expected role=cost with commas between, each role once' });
        return z.NEVER;
      }
      costs.set(role, Number(cost));
    }
    return costs;
  });
}
