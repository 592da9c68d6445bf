/** Descriptions of what the library generates; those of types and fields it is given are in the type definitions. */
export const rootFieldDocs: Readonly<Record<string, string>> = {
  graphTemplates: 'Templates of the relationship graph, active or not; a place to start a traversal from. The graph may lag the record.',
  graphCategories: 'Template categories of the relationship graph. The graph may lag the record.',
  graphUsers: 'Users who have used templates. The graph may lag the record.',
};

export const argumentDocs: Readonly<Record<string, string>> = {
  where: 'Which ones; every given condition must hold.',
  sort: 'What to sort by, the most important first.',
  limit: 'How many, 1 to 100.',
  offset: 'How many to leave out.',
  first: 'How many, 1 to 100.',
  after: 'Cursor of the edge to go on after, of the same order.',
};

export const sortInputDoc = 'One thing to sort by and its direction; for several, give several of these in a list.';

export const outputFieldDocs: Readonly<Record<string, string>> = {
  edges: 'The page, in order.',
  node: 'The related node.',
  cursor: 'Give it to `after` of the same order.',
  properties: 'What is known of the relationship.',
  pageInfo: 'Where the page stands.',
  totalCount: 'How many the filter matches.',
  similarToConnection: 'The templates whose content is closest to its own, most similar first unless stated.',
  belongsToConnection: 'The category it is in.',
  usedByConnection: 'The users who used it, those first who used it most unless stated.',
  containsConnection: 'The templates in it.',
  usedConnection: 'The templates they used, those first that they used most unless stated.',
};

export function outputTypeDocs(name: string): string | undefined {
  if (name.endsWith('Connection')) return 'A page of related nodes.';
  if (name.endsWith('Relationship')) return 'A related node and how it is related.';
  if (name.endsWith('Properties')) return 'What is known of a relationship.';
  return undefined;
}
