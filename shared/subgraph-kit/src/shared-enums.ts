import { registerEnumType } from 'type-graphql';

// What several subgraphs have must be the same in each of them, or they do not compose.

export enum SortDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}
registerEnumType(SortDirection, {
  name: 'SortDirection',
  description: 'Ascending or descending.',
  valuesConfig: { ASC: { description: 'Smallest first.' }, DESC: { description: 'Largest first.' } },
});

export enum SimilarityKind {
  LEXICAL = 'LEXICAL',
  SEMANTIC = 'SEMANTIC',
}
registerEnumType(SimilarityKind, {
  name: 'SimilarityKind',
  description: 'What the configured embedding model compares.',
  valuesConfig: {
    LEXICAL: { description: 'Shared words and word parts: the embedded default. It does not know synonyms.' },
    SEMANTIC: { description: 'Meaning, as a trained model has it.' },
  },
});
