/** How large a document may be. `Infinity`: that limit is off. */
export interface DocumentLimits {
  /** Lexical tokens: names, values and punctuation. */
  readonly maxTokens: number;
  readonly maxOperations: number;
  /** Definitions of fragments. */
  readonly maxFragments: number;
  /** Selection sets within each other, those of fragments included; never off, as it bounds recursion. */
  readonly maxDepth: number;
  /** Fields and fragments, those of a named fragment counted at each place it is used; never off. */
  readonly maxSelections: number;
  /** Of one operation, counted like selections. */
  readonly maxAliases: number;
  /** Fields an operation selects at its root, through fragments too. */
  readonly maxRootFields: number;
  /** At one place: a field, a fragment, an operation or a variable. */
  readonly maxDirectivesPerPlace: number;
  /** Of one operation, counted like selections. */
  readonly maxDirectives: number;
  /** Items of one list in the document or the variables. */
  readonly maxListSize: number;
}

export const defaultDocumentLimits: DocumentLimits = {
  maxTokens: 15_000,
  maxOperations: 50,
  maxFragments: 500,
  maxDepth: 50,
  maxSelections: 10_000,
  maxAliases: 200,
  maxRootFields: 50,
  maxDirectivesPerPlace: 10,
  maxDirectives: 500,
  maxListSize: 1_000,
};

/** What the parser's recursion stands with room to spare. */
export const MAX_DEPTH_SETTING = 500;
