import { Directive, Field, ObjectType } from 'type-graphql';

// These two are as the templates subgraph has them: composition merges them.
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
