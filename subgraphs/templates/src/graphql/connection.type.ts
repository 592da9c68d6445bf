import { PageInfo } from '@loomgraph/subgraph-kit';
import { Field, Int, ObjectType } from 'type-graphql';
import { Template, TemplateRating } from './template.type.js';

@ObjectType({ description: 'A template in a list.', simpleResolvers: true })
export class TemplateEdge {
  @Field(() => String, { description: 'Give it to `after` or `before` of the same order.' })
  cursor!: string;

  @Field(() => Template, { description: 'The template.' })
  node!: Template;
}

@ObjectType({ description: 'A page of templates.', simpleResolvers: true })
export class TemplateConnection {
  @Field(() => [TemplateEdge], { description: 'The page, in order.' })
  edges!: readonly TemplateEdge[];

  @Field(() => [Template], { description: 'The templates of the page, without cursors.' })
  nodes!: readonly Template[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  /** Counted when the field is selected: graphql-js calls a function it finds in place of a value. */
  @Field(() => Int, { description: 'Exact number of templates the filter matches; costs a count when asked for.' })
  totalCount!: number | (() => Promise<number>);
}

@ObjectType({ description: 'A rating in a list.', simpleResolvers: true })
export class TemplateRatingEdge {
  @Field(() => String, { description: 'Give it to `after` or `before`.' })
  cursor!: string;

  @Field(() => TemplateRating, { description: 'The rating.' })
  node!: TemplateRating;
}

@ObjectType({ description: 'A page of ratings.', simpleResolvers: true })
export class TemplateRatingConnection {
  @Field(() => [TemplateRatingEdge], { description: 'The page, latest first.' })
  edges!: readonly TemplateRatingEdge[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Exact number of ratings; costs a count when asked for.' })
  totalCount!: number | (() => Promise<number>);
}
