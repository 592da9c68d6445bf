import { PageInfo, SimilarityKind } from '@loomgraph/subgraph-kit';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Resume, ResumeVersion } from './resume.type.js';
import { ResumeSpan } from './understanding.type.js';

@ObjectType({ description: 'What is shown of a passage: part of the text of its version.', simpleResolvers: true })
export class ResumeSnippet {
  @Field(() => String, { description: 'At most 240 characters, exactly as `understanding.text` has them there.' })
  text!: string;

  @Field(() => ResumeSpan, { description: 'Where in `understanding.text` they stand.' })
  span!: ResumeSpan;
}

@ObjectType({ description: 'A resume that a search found, by the passage of it that fits best.', simpleResolvers: true })
export class ResumeSearchHit {
  @Field(() => Resume, { description: 'The resume as it is now.' })
  resume!: Resume;

  @Field(() => ResumeVersion, { description: 'The version it was found in: the newest that is understood.' })
  version!: ResumeVersion;

  @Field(() => String, { description: 'The kind of section the passage is of, named as `ResumeSection.kind` does.' })
  section!: string;

  @Field(() => ResumeSpan, {
    description: 'Where in `understanding.text` the passage stands: a section, a position, or a part of a long one.',
  })
  passage!: ResumeSpan;

  @Field(() => ResumeSnippet, { description: 'What to show of it: around the first of the words, where it holds one.' })
  snippet!: ResumeSnippet;

  @Field(() => Float, { description: 'Higher is better; comparable within one answer only.' })
  score!: number;

  @Field(() => Int, { nullable: true, description: 'Place of the resume in the semantic ranking, from 1; null where it is not in it.' })
  semanticRank!: number | null;

  @Field(() => Int, { nullable: true, description: 'Place of the resume in the text ranking, from 1; null where it is not in it.' })
  textRank!: number | null;
}

@ObjectType({
  description: 'What a search found, best first. It reads projected stores, which may lag the record: see `syncStatus`.',
  simpleResolvers: true,
})
export class ResumeSearchResult {
  @Field(() => [ResumeSearchHit], { description: 'At most `first` hits, each of another resume.' })
  hits!: readonly ResumeSearchHit[];

  @Field(() => PageInfo, { description: 'Where the page stands; a search goes through 200 resumes at most.' })
  pageInfo!: PageInfo;

  @Field(() => SimilarityKind, { description: 'What semantic similarity means here.' })
  similarity!: SimilarityKind;

  @Field(() => String, { description: 'The embedding model the vectors were made with.' })
  model!: string;
}
