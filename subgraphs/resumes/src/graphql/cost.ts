import { DEFAULT_PAGE_SIZE } from '@loomgraph/core';

/** What the gateway estimates costs by, where the arguments alone do not say it (docs/limits.md): a page holds as many as its argument says. */
export const PAGE = `@listSize(assumedSize: ${DEFAULT_PAGE_SIZE}, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)`;
export const HITS = '@listSize(slicingArguments: ["first"], sizedFields: ["hits"], requireOneSlicingArgument: false)';
/** A search embeds its text and asks two indexes, whatever it finds. */
export const SEARCH_COST = '@cost(weight: 20)';
/** A text of up to 100 kB is taken apart and compared. */
export const SUGGESTION_COST = '@cost(weight: 20)';
/** It has some lists, each short; what is in them was written at once and is read at once. */
export const ASSESSMENT_COST = '@cost(weight: 5)';
/** A ranking, and up to 200 comparisons. */
export const RECOMMENDATION_COST = '@cost(weight: 50)';
/** Every file of a user is read. */
export const BACKUP_COST = '@cost(weight: 20)';
