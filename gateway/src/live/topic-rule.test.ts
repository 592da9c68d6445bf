import { buildSchema } from 'graphql';
import { passesFilter, representationOf, topicRuleOf } from './topic-rule.js';

const schema = (field: string) =>
  buildSchema(`
    directive @subscriptionTopic(topic: String!, types: [String!], key: [String!]!, filter: [String!]) on FIELD_DEFINITION
    type Query { a: Int }
    interface Node { id: ID! }
    type Thing implements Node { id: ID! size: Int }
    type Subscription { ${field} }
  `);
const ruleOf = (field: string) => topicRuleOf(schema(field), 'changed');

describe('topicRuleOf', () => {
  const rule = ruleOf(
    'changed(ids: [ID!], owner: ID): Thing @subscriptionTopic(topic: "things", types: ["a.b"], key: ["id: thing.id"], filter: ["ids: thing.id", "owner: owner"])',
  )!;

  it('reads topic, types, key and filter; a field that says nothing of a topic has none', () => {
    expect(rule).toMatchObject({ field: 'changed', topic: 'things', entity: 'Thing', key: [{ name: 'id', path: ['thing', 'id'] }] });
    expect([...rule.types!]).toEqual(['a.b']);
    expect(ruleOf('changed: Thing')).toBeUndefined();
  });

  it.each([
    ['changed: Thing @subscriptionTopic(topic: "", key: ["id: id"])', 'names no topic'],
    ['changed: Node @subscriptionTopic(topic: "t", key: ["id: id"])', 'Node is no object'],
    ['changed: Thing @subscriptionTopic(topic: "t", key: [])', 'names no field of the entity'],
    ['changed: Thing @subscriptionTopic(topic: "t", key: ["id"])', 'not of the form'],
    ['changed: Thing @subscriptionTopic(topic: "t", key: ["uid: id"])', 'has no field "uid"'],
    ['changed: Thing @subscriptionTopic(topic: "t", key: ["id: id"], filter: ["ids: id"])', 'no argument "ids"'],
  ])('says what is wrong with %s', (field, message) => {
    expect(() => ruleOf(field)).toThrow(message);
  });

  it.each([
    [{}, true],
    [{ ids: null, owner: undefined }, true],
    [{ ids: ['1', '7'] }, true],
    [{ ids: [] }, false],
    [{ ids: ['8'] }, false],
    [{ ids: ['7'], owner: 'ann' }, true],
    [{ owner: 'bob' }, false],
  ])('%j lets an event pass: %s', (given, passes) => {
    expect(passesFilter(rule, { thing: { id: 7 }, owner: 'ann' }, given)).toBe(passes);
  });

  it('finds the entity of an event, and none where its key is not there', () => {
    expect(representationOf(rule, { thing: { id: 7 } })).toEqual({ __typename: 'Thing', id: 7 });
    expect([{}, null, undefined, { thing: { id: null } }].map((payload) => representationOf(rule, payload))).toEqual(
      Array(4).fill(undefined),
    );
  });
});
