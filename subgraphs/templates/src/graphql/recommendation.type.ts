import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ResumeProfile as Profile } from '../domain/template-fit.js';
import { Template } from './template.type.js';

// These are as the resumes subgraph has them: composition merges them.
@Directive('@shareable')
@ObjectType({ description: 'Something that a resume says.', simpleResolvers: true })
export class ResumeProfileTerm {
  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => String, { description: 'The words of the resume.' })
  quote!: string;
}

@Directive('@shareable')
@ObjectType({ description: 'What others recommend by of a resume.', simpleResolvers: true })
export class ResumeProfile {
  @Field(() => String, { description: 'BCP 47 tag of the language of the resume.' })
  language!: string;

  @Field(() => ResumeProfileTerm, { nullable: true, description: 'The rank, from intern to executive.' })
  seniority!: ResumeProfileTerm | null;

  @Field(() => [ResumeProfileTerm], { description: 'Positions, in the order of the resume.' })
  positions!: readonly ResumeProfileTerm[];

  @Field(() => [ResumeProfileTerm], { description: 'Skills, by their usual names.' })
  skills!: readonly ResumeProfileTerm[];
}

@Directive('@key(fields: "id")')
@ObjectType({
  description: 'A resume: a name for its versions. For its owner, whom it is shared with, and administrators.',
  simpleResolvers: true,
})
export class Resume {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Directive('@external')
  @Field(() => ResumeProfile, {
    nullable: true,
    description: 'What others recommend by, of its newest version that is understood, without name and contacts; null where there is none.',
  })
  profile!: Profile | null;
}

export enum TemplateReasonKind {
  POSITION = 'POSITION',
  SKILL = 'SKILL',
  LEVEL = 'LEVEL',
  LANGUAGE = 'LANGUAGE',
}
registerEnumType(TemplateReasonKind, {
  name: 'TemplateReasonKind',
  description: 'What a reason is about.',
  valuesConfig: {
    POSITION: { description: 'The template is made for a position that the resume has.' },
    SKILL: { description: 'The template names a skill that the resume has.' },
    LEVEL: { description: 'The template is made for the rank of the resume, or one beside it.' },
    LANGUAGE: { description: 'The template is in another language: the score is 40 at most.' },
  },
});

@ObjectType({ description: 'Why a template suits a resume, or how far.', simpleResolvers: true })
export class TemplateReason {
  @Field(() => TemplateReasonKind, { description: 'What it is about.' })
  kind!: TemplateReasonKind;

  @Field(() => String, { description: 'In words of the locale that was asked for.' })
  text!: string;

  @Field(() => String, { nullable: true, description: 'The words of the resume; null where it is about its language.' })
  quote!: string | null;
}

@ObjectType({ description: 'A template that suits a resume.', simpleResolvers: true })
export class TemplateRecommendation {
  @Field(() => Template, { description: 'The template as it is now.' })
  template!: Template;

  @Field(() => Int, { description: '1 to 100.' })
  score!: number;

  @Field(() => [TemplateReason], { description: 'Why.' })
  reasons!: readonly TemplateReason[];
}
