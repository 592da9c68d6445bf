import { buildASTSchema, parse } from 'graphql';
import { AccessRules } from './access-rules.js';
import { asked, composed, rewritten, rulesOf } from './supergraph.fixture.js';

const link = (imports: string) => `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`;
const LINK = link('"@key", "@external", "@requires", "@context", "@fromContext", "@authenticated", "@requiresScopes", "@policy"');

const MEDIA = `${LINK}
  type Query { media: [Media!]! book: Book film: Film }
  interface Media { id: ID! title: String price: Int maker: Person }
  type Book implements Media { id: ID! title: String price: Int maker: Person pages: Int }
  type Film implements Media { id: ID! title: String @authenticated price: Int maker: Person }
  type Person { name: String }
`;

describe('access rules of a supergraph', () => {
  it('are of fields, of their types, and of the types of their values', () => {
    const rules = rulesOf(
      composed(`${LINK}
        type Query { box: Box safe: Safe @policy(policies: [["a", "b"], ["c"]]) level: Level token: Token open: Int }
        type Box { id: ID secret: String @requiresScopes(scopes: [["x"]]) safe: Safe }
        type Safe @authenticated { code: Int }
        enum Level @requiresScopes(scopes: [["l"]]) { LOW }
        scalar Token @authenticated`),
    );
    expect(asked(rules, 'Query.open')).toEqual([]);
    expect(asked(rules, 'Query.box')).toEqual([]);
    expect(asked(rules, 'Box.secret')).toEqual(['[["x"]]']);
    expect(asked(rules, 'Box.safe')).toEqual(['authenticated']);
    expect(asked(rules, 'Safe.code')).toEqual(['authenticated']);
    expect(asked(rules, 'Query.safe')).toEqual(['[["a","b"],["c"]]', 'authenticated']);
    expect([asked(rules, 'Query.level'), asked(rules, 'Query.token')]).toEqual([['[["l"]]'], ['authenticated']]);
  });

  it('are those of all subgraphs that protect a field', () => {
    const part = (directive: string) =>
      `${link('"@key", "@shareable", "@authenticated", "@requiresScopes"')} type Query { t: T @shareable } type T @key(fields: "id") { id: ID! f: String @shareable ${directive} }`;
    const rules = rulesOf(composed(part('@authenticated'), part('@requiresScopes(scopes: [["x"]])')));
    expect(asked(rules, 'T.f')).toEqual(['[["x"]]', 'authenticated']);
  });

  it('sum up what the types of an interface ask, as composition writes it', () => {
    const rules = rulesOf(composed(MEDIA));
    expect(asked(rules, 'Media.title')).toEqual(['authenticated']);
    expect(asked(rules, 'Film.title')).toEqual(['authenticated']);
    expect(asked(rules, 'Book.title')).toEqual([]);
    expect(asked(rules, 'Media.price')).toEqual([]);
  });

  it('GHSA-mx7m-j9xf-62hw: of an interface hold for the types that implement it', () => {
    const sdl = rewritten(composed(MEDIA), {
      'Media.price': '@requiresScopes(scopes: [["prices"]])',
      'Media.title': '@authenticated',
      'Film.title': '@authenticated',
    });
    const rules = rulesOf(sdl);
    for (const type of ['Media', 'Book', 'Film']) expect(asked(rules, `${type}.price`)).toEqual(['[["prices"]]']);
    // This one is what composition writes itself.
    expect([asked(rules, 'Media.title'), asked(rules, 'Film.title'), asked(rules, 'Book.title')]).toEqual([
      ['authenticated'],
      ['authenticated'],
      [],
    ]);
    const whole = rulesOf(rewritten(composed(MEDIA), { Media: '@authenticated' }));
    for (const coordinate of ['Query.media', 'Query.book', 'Book.pages', 'Film.id'])
      expect(asked(whole, coordinate)).toEqual(['authenticated']);
  });

  it('GHSA-mx7m-j9xf-62hw: of an interface that asks more than its types together hold for all of them', () => {
    const sdl = rewritten(composed(MEDIA), {
      'Media.price': '@requiresScopes(scopes: [["a", "b", "c"]])',
      'Book.price': '@requiresScopes(scopes: [["a"]])',
      'Film.price': '@requiresScopes(scopes: [["b"]])',
    });
    expect(asked(rulesOf(sdl), 'Book.price')).toEqual(['[["a","b","c"]]', '[["a"]]']);
    const sum = rewritten(composed(MEDIA), {
      'Media.price': '@requiresScopes(scopes: [["a", "b"]])',
      'Book.price': '@requiresScopes(scopes: [["a"]])',
      'Film.price': '@requiresScopes(scopes: [["b"]])',
    });
    expect(asked(rulesOf(sum), 'Book.price')).toEqual(['[["a"]]']);
    expect(asked(rulesOf(sum), 'Media.price')).toEqual(['[["a"]]', '[["b"]]']);
  });

  it('GHSA-m8jr-fxqx-8xx6: of what a field is resolved from by @requires are its own, however long the chain', () => {
    const sdl = composed(
      `${LINK} type Query { t: T } type T @key(fields: "id") { id: ID! secret: Secret @authenticated } type Secret { value: Int @authenticated }`,
      `${LINK} type T @key(fields: "id") { id: ID! secret: Secret @external first: Int @requires(fields: "secret { value }") @authenticated } type Secret { value: Int @external }`,
      `${LINK} type T @key(fields: "id") { id: ID! first: Int @external second: Int @requires(fields: "first") @authenticated }`,
    );
    const rules = rulesOf(
      rewritten(sdl, { 'Secret.value': '@requiresScopes(scopes: [["value"]])', 'T.secret': '@policy(policies: [["p"]])' }),
    );
    expect(asked(rules, 'T.second')).toEqual(['[["p"]]', '[["value"]]']);
    expect(asked(rules, 'T.first')).toEqual(['[["p"]]', '[["value"]]']);
    expect(asked(rules, 'T.id')).toEqual([]);
  });

  it('GHSA-m8jr-fxqx-8xx6: of what a field takes from objects above by @fromContext are its own', () => {
    const sdl = composed(
      `${LINK} type Query { t: T } type T @key(fields: "id") @context(name: "ctx") { id: ID! prop: String @authenticated u: U }
        type U @key(fields: "id") { id: ID! field(a: String @fromContext(field: "$ctx { prop }")): Int @authenticated }`,
    );
    expect(asked(rulesOf(rewritten(sdl, { 'T.prop': '@requiresScopes(scopes: [["prop"]])' })), 'U.field')).toEqual(['[["prop"]]']);
    expect(asked(rulesOf(rewritten(sdl, { T: '@authenticated' })), 'U.field')).toEqual(['authenticated']);
  });

  it('are found under the names @link gives the directives, and under no other', () => {
    const renamed = composed(
      `${link('"@key", { name: "@authenticated", as: "@signedIn" }, { name: "@requiresScopes", as: "@may" }, { name: "@policy", as: "@authenticated" }')}
        type Query { a: Int @signedIn b: Int @may(scopes: [["b"]]) c: Int @authenticated(policies: [["c"]]) d: Int }`,
    );
    const rules = rulesOf(renamed);
    expect(['a', 'b', 'c', 'd'].map((name) => asked(rules, `Query.${name}`))).toEqual([['authenticated'], ['[["b"]]'], ['[["c"]]'], []]);
  });

  it('are found where the whole specification is renamed, and by a version nobody knows yet', () => {
    const plain = composed(`${LINK} type Query { a: Int @authenticated b: Int }`);
    const whole = plain
      .replace(
        '@link(url: "https://specs.apollo.dev/authenticated/v0.1",',
        '@link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "who",',
      )
      .replace('directive @authenticated', 'directive @who')
      .replace('a: Int @authenticated', 'a: Int @who');
    expect(whole).toContain('@who');
    expect(asked(rulesOf(whole), 'Query.a')).toEqual(['authenticated']);
    expect(asked(rulesOf(plain.replace('authenticated/v0.1', 'authenticated/v0.7')), 'Query.a')).toEqual(['authenticated']);
  });

  it('are none where the directives are somebody else’s, or nothing is protected', () => {
    const none = composed(`${LINK} type Query { a: Int }`);
    const of = (sdl: string) => AccessRules.of(sdl, buildASTSchema(parse(sdl), { assumeValid: true }));
    expect(of(none)).toBeUndefined();
    expect(of(`${none}\ndirective @authenticated on FIELD_DEFINITION`)).toBeUndefined();
  });

  it('ask for nothing where a list of scopes is empty, and take one list for a list of lists', () => {
    const sdl = composed(`${LINK} type Query { a: Int @requiresScopes(scopes: [["x"]]) b: Int }`);
    const rules = (scopes: string) => asked(rulesOf(rewritten(sdl, { 'Query.a': `@requiresScopes(scopes: ${scopes})` })), 'Query.a');
    expect([rules('[]'), rules('[[]]'), rules('[["x"], []]')]).toEqual([[], [], []]);
    expect(rules('[["x", "y", "x"], ["z"]]')).toEqual(['[["x","y"],["z"]]']);
  });
});
