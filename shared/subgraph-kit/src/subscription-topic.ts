import type { ComposedDirective } from './build-subgraph-schema.js';

/**
 * `@subscriptionTopic` on a field of `Subscription`: its events are messages of the bus. The gateway listens to the topic and asks this subgraph for the
 * entity that each message names; the subgraph holds no subscription, and the field's own resolver is never called.
 *
 * - `topic`, `types`: which messages; `types` are their header `type`, all of the topic where left out.
 * - `key`: fields of a key of the field's type, an entity, and where the payload has them: `"id: templateId"`.
 * - `filter`: arguments, and what of the payload each one that is given must equal, or hold: `"ids: templateId"`.
 */
export const subscriptionTopic: ComposedDirective = {
  name: '@subscriptionTopic',
  specUrl: 'https://loomgraph.dev/specs/subscriptions/v0.1',
  definition: 'directive @subscriptionTopic(topic: String!, types: [String!], key: [String!]!, filter: [String!]) on FIELD_DEFINITION',
};
