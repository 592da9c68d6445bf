/** Thrown by a projection when the data is not what the schema promises; `complete-answer.ts` then says where and why. */
export const IRREGULAR_DATA = Symbol('irregular data');
