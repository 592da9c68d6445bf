/**
 * The projected graph as `@neo4j/graphql` reads it. Its directives say how the schema maps to nodes and edges; what federation needs
 * is put on by `federate`. A property that another subgraph owns can be filtered and sorted by here but not read (`@selectable`): its
 * value comes from the owner. What the projection keeps for itself (properties with a leading `_`, absent nodes) is not declared, so
 * no statement can touch it.
 *
 * @param labelPrefix the graph store's, put before every label
 */
export const typeDefs = (labelPrefix: string): string => /* GraphQL */ `
  extend schema @mutation(operations: []) @subscription(events: []) @query(read: true, aggregate: false)

  "A resume template."
  type Template @node(labels: ["${labelPrefix}Template"]) @plural(value: "graphTemplates") @limit(default: 20, max: 100) {
    "Stable id."
    id: ID!
    name: String! @selectable(onRead: false, onAggregate: false)
    language: String! @selectable(onRead: false, onAggregate: false)
    industry: String @selectable(onRead: false, onAggregate: false)
    experienceLevel: String @selectable(onRead: false, onAggregate: false)
    difficulty: Int! @selectable(onRead: false, onAggregate: false)
    usage: Int! @selectable(onRead: false, onAggregate: false)
    rating: Float! @selectable(onRead: false, onAggregate: false)
    isActive: Boolean! @selectable(onRead: false, onAggregate: false)
    tags: [String!]! @selectable(onRead: false, onAggregate: false)
    "The templates whose content is closest to its own; the connection has them most similar first."
    similarTo: [Template!]!
      @relationship(type: "SIMILAR_TO", direction: OUT, properties: "SimilarToProperties", aggregate: false, nestedOperations: [])
    "The category it is in."
    belongsTo: [TemplateCategory!]! @relationship(type: "BELONGS_TO", direction: OUT, aggregate: false, nestedOperations: [])
    "The users who used it; the connection has those first who used it most."
    usedBy: [User!]! @relationship(type: "USED", direction: IN, properties: "UsedProperties", aggregate: false, nestedOperations: [])
  }

  "A group of templates."
  type TemplateCategory @node(labels: ["${labelPrefix}Category"]) @plural(value: "graphCategories") @limit(default: 20, max: 100) {
    "Stable id."
    id: ID!
    slug: String! @selectable(onRead: false, onAggregate: false)
    name: String! @selectable(onRead: false, onAggregate: false)
    "The templates in it."
    contains: [Template!]! @relationship(type: "BELONGS_TO", direction: IN, aggregate: false, nestedOperations: [])
  }

  "A user, as far as they have used templates."
  type User @node(labels: ["${labelPrefix}User"]) @plural(value: "graphUsers") @limit(default: 20, max: 100) {
    "Stable id."
    id: ID!
    "The templates they used; the connection has those first that they used most."
    used: [Template!]! @relationship(type: "USED", direction: OUT, properties: "UsedProperties", aggregate: false, nestedOperations: [])
  }

  type SimilarToProperties @relationshipProperties {
    "Cosine similarity of the contents, up to 1."
    similarity: Float!
  }

  type UsedProperties @relationshipProperties {
    "How often the user used the template."
    usageCount: Int!
    "When they used it last, ISO 8601 in UTC."
    lastUsed: String!
  }
`;

/** Entity → the root field that lists it. */
export const entities: Readonly<Record<string, string>> = {
  Template: 'graphTemplates',
  TemplateCategory: 'graphCategories',
  User: 'graphUsers',
};
