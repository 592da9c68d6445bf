import { ArrayMaxSize, ArrayMinSize, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { jobLimits } from '../../domain/jobs/job.js';
import { SalaryPeriod, WorkMode } from '../jobs/job.type.js';

const MAX_SKILLS = 20;
const MAX_SKILL_LENGTH = 100;
const MAX_LANGUAGES = 10;
const LANGUAGE = /^[a-z]{2,3}$/;
const languageRule = { each: true, message: 'languages are ISO 639 codes such as zh or en' };

@InputType({ description: 'A city, or a whole country.' })
export class RecommendationPlaceInput {
  @Field(() => String, { nullable: true, description: 'ISO 3166-1 code of two letters: CN, DE.' })
  @Matches(/^[A-Z]{2}$/, { message: 'country is an ISO 3166 code of two letters, such as CN or DE' })
  country?: string;

  @Field(() => String, { nullable: true, description: 'The city, by any of its usual names: 杭州, Hangzhou.' })
  @MaxLength(jobLimits.cityLength)
  city?: string;
}

@InputType({ description: 'The least that a job may pay.' })
export class WantedSalaryInput {
  @Field(() => Int, { description: 'In whole units of the currency.' })
  @Min(0)
  @Max(jobLimits.salary)
  amount!: number;

  @Field(() => String, { description: 'ISO 4217 code. Nothing is converted: jobs that pay in another currency do not fit.' })
  @Matches(/^[A-Z]{3}$/, { message: 'currency is an ISO 4217 code of three letters, such as CNY or EUR' })
  currency!: string;

  @Field(() => SalaryPeriod, { description: 'For how long; periods are converted.' })
  period!: SalaryPeriod;
}

@InputType({ description: 'What a job must be. Nothing makes up for it.' })
export class JobWishesInput {
  @Field(() => ID, { nullable: true, description: 'Of this company.' })
  @MaxLength(jobLimits.idLength)
  companyId?: string;

  @Field(() => Boolean, { nullable: true, description: 'Only work that is done anywhere.' })
  remoteOnly?: boolean;

  @Field(() => [WorkMode], { nullable: true, description: 'Work that is done in one of these ways.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(3)
  workModes?: WorkMode[];

  @Field(() => RecommendationPlaceInput, { nullable: true, description: 'Work there, or from anywhere.' })
  @ValidateNested()
  location?: RecommendationPlaceInput;

  @Field(() => WantedSalaryInput, { nullable: true, description: 'That may pay so much; jobs that say nothing of it do not fit.' })
  @ValidateNested()
  minSalary?: WantedSalaryInput;

  @Field(() => [String], {
    nullable: true,
    description: 'ISO 639 codes of the languages the person works in: jobs that require another one do not fit; at most 10.',
  })
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_LANGUAGES)
  @Matches(LANGUAGE, languageRule)
  languages?: string[];
}

@InputType({ description: 'What a resume must say. Nothing makes up for it.' })
export class ResumeWishesInput {
  @Field(() => [String], { nullable: true, description: 'All of these skills, each by any of its names (k8s); at most 20.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_SKILLS)
  @MaxLength(MAX_SKILL_LENGTH, { each: true })
  skills?: string[];

  @Field(() => Float, { nullable: true, description: 'So many years of work or more.' })
  @Min(0)
  @Max(100)
  minYears?: number;

  @Field(() => [String], { nullable: true, description: 'That the person speaks all of these, as ISO 639 codes; at most 10.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_LANGUAGES)
  @Matches(LANGUAGE, languageRule)
  languages?: string[];

  @Field(() => RecommendationPlaceInput, { nullable: true, description: 'That the person is there; who says nothing of it does not fit.' })
  @ValidateNested()
  location?: RecommendationPlaceInput;
}
