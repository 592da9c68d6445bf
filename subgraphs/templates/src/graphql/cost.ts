import { DEFAULT_PAGE_SIZE } from '@loomgraph/core';

/** What the gateway estimates costs by, where the arguments alone do not say it (docs/limits.md). */

/** Of a page, whose `lists` hold as many as its argument says, without one the default. */
export const pageSize = (...lists: readonly string[]): string => {
  const sizedFields = lists.map((list) => `"${list}"`).join(', ');
  return `@listSize(assumedSize: ${DEFAULT_PAGE_SIZE}, slicingArguments: ["first", "last"], sizedFields: [${sizedFields}], requireOneSlicingArgument: false)`;
};
export const HITS = '@listSize(slicingArguments: ["first"], sizedFields: ["hits"], requireOneSlicingArgument: false)';
export const SIZED_BY_FIRST = '@listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)';

/** A search embeds its text and asks two indexes, whatever it finds. */
export const SEARCH_COST = '@cost(weight: 20)';
/** A path is looked for in the whole graph. */
export const PATH_COST = '@cost(weight: 50)';
