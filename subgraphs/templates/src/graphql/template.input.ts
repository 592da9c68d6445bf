import { SortDirection } from '@loomgraph/subgraph-kit';
import { ArrayMaxSize, IsInt, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { limits } from '../domain/template.js';

export enum TemplateOrderField {
  NAME = 'NAME',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
  USAGE = 'USAGE',
  RATING = 'RATING',
  DIFFICULTY = 'DIFFICULTY',
  ESTIMATED_TIME = 'ESTIMATED_TIME',
}
registerEnumType(TemplateOrderField, {
  name: 'TemplateOrderField',
  description: 'What templates are sorted by; ties by id.',
  valuesConfig: {
    NAME: { description: 'By name, code point by code point.' },
    CREATED_AT: { description: 'By when they were made.' },
    UPDATED_AT: { description: 'By when their author last changed them.' },
    USAGE: { description: 'By how often they were used.' },
    RATING: { description: 'By mean rating.' },
    DIFFICULTY: { description: 'By difficulty.' },
    ESTIMATED_TIME: { description: 'By the minutes they take.' },
  },
});

@InputType({ description: 'How a list of templates is sorted.' })
export class TemplateOrderInput {
  @Field(() => TemplateOrderField, { description: 'What to sort by.' })
  field!: TemplateOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC, description: 'Which end first.' })
  direction!: SortDirection;
}

@InputType({ description: 'A range of whole numbers, both ends included.' })
export class IntRangeInput {
  @Field(() => Int, { nullable: true, description: 'At least.' })
  min?: number;

  @Field(() => Int, { nullable: true, description: 'At most.' })
  max?: number;
}

@InputType({ description: 'Which templates; every given condition must hold.' })
export class TemplateFilterInput {
  @Field(() => [ID], { nullable: true, description: 'One of these, at most 100.' })
  @ArrayMaxSize(100)
  ids?: string[];

  @Field(() => [ID], { nullable: true, description: 'In one of these categories, at most 100.' })
  @ArrayMaxSize(100)
  categoryIds?: string[];

  @Field(() => String, { nullable: true, description: 'Part of the name, any case.' })
  @MaxLength(limits.nameLength)
  nameContains?: string;

  @Field(() => String, { nullable: true, description: 'The industry, exactly.' })
  industry?: string;

  @Field(() => String, { nullable: true, description: 'The level of experience, exactly.' })
  experienceLevel?: string;

  @Field(() => String, { nullable: true, description: 'The language, exactly.' })
  language?: string;

  @Field(() => ID, { nullable: true, description: 'Made by this user.' })
  createdBy?: string;

  @Field(() => Boolean, { nullable: true, description: 'Active ones only (true, unless stated) or inactive ones only (false).' })
  isActive?: boolean;

  @Field(() => [String], { nullable: true, description: 'With at least one of these tags.' })
  @ArrayMaxSize(limits.tags)
  tags?: string[];

  @Field(() => Float, { nullable: true, description: 'Rated at least this, 0 to 5.' })
  @Min(0)
  @Max(5)
  minRating?: number;

  @Field(() => IntRangeInput, { nullable: true, description: 'Of this difficulty.' })
  difficulty?: IntRangeInput;
}

@InputType({ description: 'What a search is narrowed to; every given condition must hold.' })
export class TemplateSearchFilterInput {
  @Field(() => [ID], { nullable: true, description: 'In one of these categories, at most 100.' })
  @ArrayMaxSize(100)
  categoryIds?: string[];

  @Field(() => String, { nullable: true, description: 'The language, exactly.' })
  language?: string;

  @Field(() => String, { nullable: true, description: 'The industry, exactly.' })
  industry?: string;

  @Field(() => [String], { nullable: true, description: 'With at least one of these tags.' })
  @ArrayMaxSize(limits.tags)
  tags?: string[];
}

@InputType({ description: 'What an author may write besides names; nothing is required.' })
export class TemplateFieldsInput {
  @Field(() => String, { nullable: true, description: 'At most 5,000 characters.' })
  @MaxLength(limits.descriptionLength)
  description?: string;

  @Field(() => String, { nullable: true, description: 'At most 200,000 characters.' })
  @MaxLength(limits.contentLength)
  content?: string;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'Variables the content uses, by name.' })
  variables?: Record<string, unknown>;

  @Field(() => String, { nullable: true, description: 'URL or object key of a picture.' })
  @MaxLength(1_000)
  preview?: string;

  @Field(() => Boolean, { nullable: true, description: 'Inactive templates are found by id only.' })
  isActive?: boolean;

  @Field(() => [String], { nullable: true, description: 'At most 50 words of at most 50 characters.' })
  @ArrayMaxSize(limits.tags)
  @Length(1, limits.tagLength, { each: true })
  tags?: string[];

  @Field(() => String, { nullable: true, description: 'The industry it suits.' })
  @MaxLength(limits.labelLength)
  industry?: string;

  @Field(() => String, { nullable: true, description: 'The level of experience it suits.' })
  @MaxLength(limits.labelLength)
  experienceLevel?: string;

  @Field(() => String, { nullable: true, description: 'BCP 47 tag; zh unless stated.' })
  @Matches(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, { message: 'language is a BCP 47 tag such as zh or en-GB' })
  @MaxLength(35)
  language?: string;

  @Field(() => String, { nullable: true, description: 'Version label; 1.0 unless stated.' })
  @Length(1, 50)
  version?: string;

  @Field(() => Int, { nullable: true, description: '1 (easy) to 5; 1 unless stated.' })
  @IsInt()
  @Min(1)
  @Max(5)
  difficulty?: number;

  @Field(() => Int, { nullable: true, description: 'Minutes, 1 to 10,080; 30 unless stated.' })
  @IsInt()
  @Min(1)
  @Max(10_080)
  estimatedTime?: number;
}

@InputType({ description: 'The same with a slug that may be left out.' })
class SluggedFieldsInput extends TemplateFieldsInput {
  @Field(() => String, { nullable: true, description: 'Stable name for imports: lower-case letters, digits and hyphens; unique.' })
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, { message: 'slug takes lower-case letters, digits and single hyphens' })
  @MaxLength(191)
  slug?: string;
}

@InputType({ description: 'A new template.' })
export class CreateTemplateInput extends SluggedFieldsInput {
  @Field(() => String, { description: '1 to 200 characters.' })
  @Length(1, limits.nameLength)
  name!: string;

  @Field(() => ID, { description: 'The category it belongs to.' })
  categoryId!: string;
}

@InputType({ description: 'A change of a template; what is left out stays.' })
export class UpdateTemplateInput extends SluggedFieldsInput {
  @Field(() => ID, { description: 'The template.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'Refuse the change when the template is at another revision.' })
  expectedRevision?: number;

  @Field(() => String, { nullable: true, description: '1 to 200 characters.' })
  @Length(1, limits.nameLength)
  name?: string;

  @Field(() => ID, { nullable: true, description: 'The category it belongs to.' })
  categoryId?: string;
}

@InputType({ description: "The caller's rating of a template." })
export class RateTemplateInput {
  @Field(() => ID, { description: 'The template.' })
  templateId!: string;

  @Field(() => Float, { description: '0 to 5; hundredths are kept.' })
  @Min(0)
  @Max(5)
  rating!: number;

  @Field(() => String, { nullable: true, description: 'At most 5,000 characters.' })
  @MaxLength(limits.reviewLength)
  review?: string;
}

@InputType({ description: 'A new category.' })
export class CreateTemplateCategoryInput {
  @Field(() => String, { description: 'Lower-case letters, digits and hyphens; unique.' })
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, { message: 'slug takes lower-case letters, digits and single hyphens' })
  @MaxLength(191)
  slug!: string;

  @Field(() => String, { description: '1 to 200 characters.' })
  @Length(1, limits.nameLength)
  name!: string;

  @Field(() => String, { nullable: true, description: 'At most 5,000 characters.' })
  @MaxLength(limits.descriptionLength)
  description?: string;
}

@InputType({ description: 'A change of a category; what is left out stays.' })
export class UpdateTemplateCategoryInput {
  @Field(() => ID, { description: 'The category.' })
  id!: string;

  @Field(() => String, { nullable: true, description: '1 to 200 characters.' })
  @Length(1, limits.nameLength)
  name?: string;

  @Field(() => String, { nullable: true, description: 'At most 5,000 characters.' })
  @MaxLength(limits.descriptionLength)
  description?: string;
}
