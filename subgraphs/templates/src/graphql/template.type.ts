import { GraphQLJSONObject } from 'graphql-scalars';
import { Directive, Field, Float, GraphQLISODateTime, ID, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A group of templates.', simpleResolvers: true })
@Directive('@key(fields: "id")')
export class TemplateCategory {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Field(() => String, { description: 'Stable name for URLs and imports; unique.' })
  slug!: string;

  @Field(() => String, { description: 'The name people see.' })
  name!: string;

  @Field(() => String, { description: 'What belongs in it.' })
  description!: string;
}

@ObjectType({ description: 'A resume template.', simpleResolvers: true })
@Directive('@key(fields: "id")')
export class Template {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Stable name given by an import; unique where present.' })
  slug!: string | null;

  @Field(() => String, { description: 'The name people see; at most 200 characters.' })
  name!: string;

  @Field(() => String, { description: 'What it looks like and whom it suits.' })
  description!: string;

  @Field(() => String, { description: 'The template itself, in the language of its engine.' })
  content!: string;

  @Field(() => GraphQLJSONObject, { description: 'Variables the content uses, by name.' })
  variables!: Record<string, unknown>;

  @Field(() => String, { nullable: true, description: 'URL or object key of a picture.' })
  preview!: string | null;

  @Field(() => Int, { description: 'How often it was used, by anyone.' })
  usage!: number;

  @Field(() => Float, { description: 'Mean rating, 0 to 5, exact; 0 when nobody has rated.' })
  rating!: number;

  @Field(() => Int, { description: 'How many users have rated it.' })
  ratingCount!: number;

  @Field(() => Boolean, { description: 'Inactive templates are found by id only.' })
  isActive!: boolean;

  @Field(() => [String], { description: 'Free words, at most 50.' })
  tags!: readonly string[];

  @Field(() => String, { nullable: true, description: 'The industry it suits.' })
  industry!: string | null;

  @Field(() => String, { nullable: true, description: 'The level of experience it suits.' })
  experienceLevel!: string | null;

  @Field(() => String, { description: 'BCP 47 tag of its text; zh unless stated.' })
  language!: string;

  @Field(() => String, { description: "The author's version label." })
  version!: string;

  @Field(() => Int, { description: '1 (easy) to 5.' })
  difficulty!: number;

  @Field(() => Int, { description: 'Minutes it takes to fill in.' })
  estimatedTime!: number;

  @Field(() => ID, { description: 'Id of the user who made it.' })
  createdBy!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When its author last changed it.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Rises by one with every committed change, ratings and uses included.' })
  revision!: number;

  /** Not a field: the loader of `category` starts from it. */
  categoryId!: string;
}

@ObjectType({ description: "One user's rating of a template.", simpleResolvers: true })
export class TemplateRating {
  @Field(() => ID, { description: 'Who rated.' })
  userId!: string;

  @Field(() => Float, { description: '0 to 5, in hundredths.' })
  rating!: number;

  @Field(() => String, { nullable: true, description: 'What they wrote.' })
  review!: string | null;

  @Field(() => GraphQLISODateTime, { description: 'When they first rated.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When they last changed it.' })
  updatedAt!: Date;
}
