/** Thrown by a projection when the data is not what the schema promises; `complete-answer.ts` then says where and why. One for all. */
export const IRREGULAR_DATA = new Error('The data is not what the schema promises.');
