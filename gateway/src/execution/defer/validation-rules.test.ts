import { buildSchema, parse, validate } from 'graphql';
import { deferRules } from './validation-rules.js';

const schema = buildSchema(`
  directive @defer(label: String, if: Boolean! = true) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  type Query { me: User }
  type Mutation { rename: User }
  type Subscription { renamed: User }
  type User { id: ID name: String friend: User }
`);

const problems = (text: string): readonly string[] => validate(schema, parse(text), [...deferRules]).map(({ message }) => message);

describe('deferRules', () => {
  it('takes labels that are texts, each used once', () => {
    expect(
      problems('{ me { ... @defer(label: "a") { name } ... @defer(label: "b") { id } ... @defer { id } ... @defer { name } } }'),
    ).toEqual([]);
    expect(problems('{ me { ... @defer(label: "a") { name } friend { ... @defer(label: "a") { id } } } }')).toEqual([
      'The label "a" of "@defer" is used twice.',
    ]);
    expect(
      problems(
        'query A { me { ... @defer(label: "a") { name } } } query B { me { ...F } } fragment F on User { ... @defer(label: "a") { id } }',
      ),
    ).toEqual(['The label "a" of "@defer" is used twice.']);
    expect(problems('query ($l: String) { me { ... @defer(label: $l) { name } } }')).toEqual([
      'The label of "@defer" must be a text, not a variable.',
    ]);
  });

  it('refuses to defer at the root of mutations and subscriptions, in fragments as well', () => {
    expect(problems('mutation { rename { ... @defer { name } } }')).toEqual([]);
    expect(problems('mutation { ... @defer { rename { name } } }')).toEqual([expect.stringContaining('cannot be used on "Mutation"')]);
    expect(problems('mutation { ...F } fragment F on Mutation { ...G @defer } fragment G on Mutation { rename { id } }')).toHaveLength(1);
    expect(problems('subscription { ... @defer(if: false) { renamed { name } } }')).toEqual([
      expect.stringContaining('cannot be used on "Subscription"'),
    ]);
  });

  it.each([
    ['nothing turns it off', '... @defer { name }', 1],
    ['it is turned on', '... @defer(if: true) { name }', 1],
    ['it is in a fragment', '...F', 1],
    ['it is on a field further down', 'friend { ... @defer { name } }', 1],
    ['it is never skipped', '... @defer @skip(if: false) { name }', 1],
    ['it is turned off', '... @defer(if: false) { name }', 0],
    ['a variable decides', '... @defer(if: $v) { name }', 0],
    ['it may be skipped', 'friend @skip(if: $v) { ... @defer { name } }', 0],
    ['it is never included', 'friend @include(if: false) { ... @defer { name } }', 0],
  ])('looks at what a subscription defers: %s', (_case, selection, count) => {
    const text = `subscription ($v: Boolean!) { renamed { ${selection} } } fragment F on User { ...G ... @defer { name } } fragment G on User { ...F }`;
    expect(problems(text)).toEqual(Array(count).fill(expect.stringContaining('Subscriptions are not answered in parts')));
  });
});
