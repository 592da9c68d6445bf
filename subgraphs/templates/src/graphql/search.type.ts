import { SimilarityKind } from '@loomgraph/subgraph-kit';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Template } from './template.type.js';

// Enums hold their own names: defaults in the SDL lose any other internal value when the federated schema is built from it.

export enum TemplateSearchMode {
  VECTOR = 'VECTOR',
  TEXT = 'TEXT',
  HYBRID = 'HYBRID',
}
registerEnumType(TemplateSearchMode, {
  name: 'TemplateSearchMode',
  description: 'How templates are compared with the query.',
  valuesConfig: {
    VECTOR: { description: 'By cosine similarity of embeddings.' },
    TEXT: { description: 'By the words they share with the query; Chinese is segmented.' },
    HYBRID: { description: 'Both rankings, fused by reciprocal rank.' },
  },
});

export enum TemplateSearchField {
  CONTENT = 'CONTENT',
  TITLE = 'TITLE',
  DESCRIPTION = 'DESCRIPTION',
}
registerEnumType(TemplateSearchField, {
  name: 'TemplateSearchField',
  description: 'Which embedding a vector search compares.',
  valuesConfig: {
    CONTENT: { description: 'Everything about the template: name, category, description, tags, content.' },
    TITLE: { description: 'The name alone.' },
    DESCRIPTION: { description: 'The description alone.' },
  },
});

@ObjectType({ description: 'A template that a search found.', simpleResolvers: true })
export class TemplateSearchHit {
  @Field(() => Template, { description: 'The template as it is now.' })
  template!: Template;

  @Field(() => Float, { description: 'Higher is better; comparable within one answer only.' })
  score!: number;

  @Field(() => Int, { nullable: true, description: 'Place in the vector ranking, from 1; null where it is not in it.' })
  vectorRank!: number | null;

  @Field(() => Int, { nullable: true, description: 'Place in the text ranking, from 1; null where it is not in it.' })
  textRank!: number | null;
}

@ObjectType({
  description: 'What a search found, best first. It reads projected stores, which may lag the record: see `syncStatus`.',
  simpleResolvers: true,
})
export class TemplateSearchResult {
  @Field(() => [TemplateSearchHit], { description: 'At most `first` hits.' })
  hits!: readonly TemplateSearchHit[];

  @Field(() => SimilarityKind, { description: 'What vector similarity means here.' })
  similarity!: SimilarityKind;

  @Field(() => String, { description: 'The embedding model the vectors were made with.' })
  model!: string;
}

export enum RelationshipNodeLabel {
  Template = 'Template',
  Category = 'Category',
  User = 'User',
}
registerEnumType(RelationshipNodeLabel, {
  name: 'RelationshipNodeLabel',
  description: 'What a node of the relationship graph stands for.',
  valuesConfig: {
    Template: { description: 'A resume template.' },
    Category: { description: 'A template category.' },
    User: { description: 'A user of templates.' },
  },
});

export enum RelationshipType {
  SIMILAR_TO = 'SIMILAR_TO',
  BELONGS_TO = 'BELONGS_TO',
  USED = 'USED',
}
registerEnumType(RelationshipType, {
  name: 'RelationshipType',
  description: 'How two nodes of the graph are related.',
  valuesConfig: {
    SIMILAR_TO: { description: 'Two templates whose embeddings are close.' },
    BELONGS_TO: { description: 'A template and its category.' },
    USED: { description: 'A user and a template they used.' },
  },
});

@ObjectType({ description: 'A template related to another.', simpleResolvers: true })
export class RelatedTemplate {
  @Field(() => Template, { description: 'The template as it is now.' })
  template!: Template;

  @Field(() => Float, { description: 'Similarity (0 to 1), or how many users used both.' })
  weight!: number;
}

@ObjectType({ description: 'A node on a path.', simpleResolvers: true })
export class RelationshipNode {
  @Field(() => RelationshipNodeLabel, { description: 'What it stands for.' })
  label!: RelationshipNodeLabel;

  @Field(() => ID, { description: 'Id of the record it stands for.' })
  id!: string;

  @Field(() => Template, { nullable: true, description: 'The template, where the node is one.' })
  template!: Template | null;
}

@ObjectType({ description: 'A step of a path.', simpleResolvers: true })
export class RelationshipStep {
  @Field(() => RelationshipType, { description: 'The relationship it follows.' })
  type!: RelationshipType;

  @Field(() => Boolean, { description: 'Whether the relationship points along the path.' })
  forward!: boolean;
}

@ObjectType({ description: 'A shortest path between two templates.', simpleResolvers: true })
export class TemplatePath {
  @Field(() => Int, { description: 'Number of steps.' })
  length!: number;

  @Field(() => [RelationshipNode], { description: 'From the first template to the second.' })
  nodes!: readonly RelationshipNode[];

  @Field(() => [RelationshipStep], { description: 'One step between each two nodes.' })
  steps!: readonly RelationshipStep[];
}
