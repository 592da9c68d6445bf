import { toPageRequest, type PageRequest } from '@loomgraph/core';
import { ArgsType, Field, Int } from 'type-graphql';

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: 'At most this many, from the start or after `after`; at most 100, else 20.' })
  first?: number;

  @Field(() => String, { nullable: true, description: 'Cursor after which the page starts.' })
  after?: string;

  @Field(() => Int, { nullable: true, description: 'At most this many, up to the end or before `before`.' })
  last?: number;

  @Field(() => String, { nullable: true, description: 'Cursor before which the page ends.' })
  before?: string;
}

export const pageOf = ({ first, after, last, before }: PageArgs, tag: string): PageRequest =>
  toPageRequest({ first, after, last, before }, tag);

/** A client may write `null` for "not given". */
export function given<T extends object>(input: T | null | undefined): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(input ?? {}).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
