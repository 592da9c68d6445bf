import { buildSchema, parse, validate, type FieldNode, type OperationDefinitionNode } from 'graphql';
import { SHARED, type JsonObject } from '../json-object.js';
import { completeAnswer } from './complete-answer.js';
import { compileProjection } from './compile-projection.js';
import { IRREGULAR_DATA } from './irregular.js';

const schema = buildSchema(`
  scalar Json
  enum Size { SMALL LARGE }
  interface Media { id: ID! title: String }
  type Book implements Media { id: ID! title: String pages: Int! size: Size }
  type Film implements Media { id: ID! title: String minutes: Float seen: Boolean! }
  union Any = Book | Film
  type Query { media: [Media] must: [[Media!]!]! any: Any book: Book meta: Json book2: Book! }
`);

const dataKeyOf = ({ alias, name }: FieldNode): string => (alias ?? name).value;

function compile(query: string) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const source = { schema, document, operation: document.definitions[0] as OperationDefinitionNode, dataKeyOf }; // the operation comes first
  return { source, projection: compileProjection(source, { texts: 'escaped' }) };
}

function project(query: string, data: JsonObject, variables: Record<string, unknown> = {}): unknown {
  return JSON.parse(compile(query).projection(data, variables, {}));
}

const BOOK = { __typename: 'Book', id: 'b"1', title: 'Ünï\n', pages: 3, size: 'LARGE' };
const FILM = { __typename: 'Film', id: 7, title: null, minutes: 1.5, seen: true };

describe('compileProjection', () => {
  it('writes selected fields by response key, in the order of the operation', () => {
    const text = compile('{ book { p: pages id title t: __typename } }').projection({ book: { id: 'b"1', title: 'Ünï\n', p: 3 } }, {}, {});
    expect(text).toBe('{"book":{"p":3,"id":"b\\"1","title":"Ünï\\n","t":"Book"}}');
  });

  it('dispatches on the runtime type, and writes missing nullable fields as null', () => {
    const query =
      '{ media { id ... on Book { pages size } ...F } any { __typename ... on Film { minutes } } } fragment F on Film { seen title }';
    expect(project(query, { media: [BOOK, FILM, null], any: FILM })).toEqual({
      media: [{ id: 'b"1', pages: 3, size: 'LARGE' }, { id: '7', seen: true, title: null }, null],
      any: { __typename: 'Film', minutes: 1.5 },
    });
  });

  it("writes objects of an interface without a type name, or with the interface's", () => {
    expect(project('{ media { id title } }', { media: [{ id: '1' }, { __typename: 'Media', id: '2', title: 'x' }] })).toEqual({
      media: [
        { id: '1', title: null },
        { id: '2', title: 'x' },
      ],
    });
  });

  it('obeys @skip and @include, literal and by variable, on fields and fragments', () => {
    const query = `query ($yes: Boolean!, $no: Boolean!) {
      book @include(if: $yes) { id @skip(if: true) title @skip(if: $no) ... @include(if: $no) { pages } }
      any @include(if: $no) { __typename }
      x: book { ... @skip(if: $yes) { id } title }
    }`;
    expect(project(query, { book: BOOK, x: BOOK, any: FILM }, { yes: true, no: false })).toEqual({
      book: { title: 'Ünï\n' },
      x: { title: 'Ünï\n' },
    });
    expect(project(query, { x: BOOK, any: FILM }, { yes: false, no: true })).toEqual({
      any: { __typename: 'Film' },
      x: { id: 'b"1', title: 'Ünï\n' },
    });
  });

  it('writes a field where the first included place selects it', () => {
    const query = 'query ($no: Boolean!) { book { title @include(if: $no) pages ... on Media { title } title } }';
    const text = (no: boolean) => compile(query).projection({ book: BOOK }, { no }, {});
    expect([text(true), text(false)]).toEqual(['{"book":{"title":"Ünï\\n","pages":3}}', '{"book":{"pages":3,"title":"Ünï\\n"}}']);
  });

  it('merges selections under one key from several places', () => {
    const query = '{ book { id } ...Q } fragment Q on Query { book { title ... on Media { pages: id } } }';
    expect(project(query, { book: { id: '1', title: 't', pages: '1' } })).toEqual({ book: { id: '1', title: 't', pages: '1' } });
  });

  it('passes custom scalars on as they are', () => {
    const meta = { a: [1, 'x"', null], b: { c: true } };
    expect(project('{ meta }', { meta })).toEqual({ meta });
  });

  it('writes an object that stands at several places once, for each selection', () => {
    const shared: JsonObject = { ...BOOK, [SHARED]: { walk: 0, by: 0, text: '' } };
    const query = '{ media { id title } book { pages } }';
    expect(project(query, { media: [shared, shared], book: shared })).toEqual({
      media: [
        { id: 'b"1', title: 'Ünï\n' },
        { id: 'b"1', title: 'Ünï\n' },
      ],
      book: { pages: 3 },
    });
    expect(shared[SHARED]).toMatchObject({ text: '{"pages":3}' });
  });

  it('keeps texts of clients out of its code', () => {
    const key = 'x_constructor';
    expect(project(`{ ${key}: meta __proto__: book { id } }`, JSON.parse(`{"${key}":1,"__proto__":{"id":"1"}}`))).toEqual(
      JSON.parse(`{"${key}":1,"__proto__":{"id":"1"}}`),
    );
  });

  it.each([
    ['null where none may be', '{ book { pages } }', { book: { pages: null } }],
    ['null in a list of non-null', '{ must { id } }', { must: [[null]] }],
    ['a missing list', '{ must { id } }', {}],
    ['a text for a number', '{ book { pages } }', { book: { pages: '3' } }],
    ['a number beyond Int', '{ book { pages } }', { book: { pages: 3_000_000_000 } }],
    ['a fraction for Int', '{ book { pages } }', { book: { pages: 1.5 } }],
    ['an object for a text', '{ book { title } }', { book: { title: {} } }],
    ['an unknown enum value', '{ book { size } }', { book: { size: 'HUGE' } }],
    ['a list for an object', '{ book { title } }', { book: [{}] }],
    ['a text for an object', '{ book { title } }', { book: 'x' }],
    ['an object for a list', '{ media { id } }', { media: { id: '1' } }],
    ['another type', '{ book { title } }', { book: { __typename: 'Film', title: 'x' } }],
    ['an unknown type of a union', '{ any { __typename } }', { any: { __typename: 'Secret' } }],
    ['an interface asked for its type without one', '{ media { __typename } }', { media: [{ id: '1' }] }],
  ])('calls %s irregular', (_name, query, data) => {
    const { projection } = compile(query);
    let thrown: unknown;
    try {
      projection(data as JsonObject, {}, {});
    } catch (error) {
      thrown = error; // no Error, so `toThrow` does not see it
    }
    expect(thrown).toBe(IRREGULAR_DATA);
  });
});

describe('completeAnswer', () => {
  const complete = (query: string, data: JsonObject, errors: { message: string; path?: (string | number)[] }[] = []) => {
    const document = parse(query);
    const result = completeAnswer({
      schema,
      document,
      operationName: undefined,
      rawVariables: undefined,
      data,
      errors,
      explained: [],
      dataKeyOf,
    });
    return { data: JSON.parse(result.data), errors: result.errors.map(({ path, extensions }) => [path?.join('.'), extensions?.['code']]) };
  };

  it('propagates nulls, with an error at the place', () => {
    expect(complete('{ book { title pages } any { __typename } }', { book: { title: 'x', pages: null }, any: FILM })).toEqual({
      data: { book: null, any: { __typename: 'Film' } },
      errors: [['book.pages', 'SUBGRAPH_ANSWER_INVALID']],
    });
    expect(complete('{ book2 { id } book { title } }', { book: { title: 'x' } })).toEqual({
      data: null,
      errors: [['book2', 'SUBGRAPH_ANSWER_INVALID']],
    });
  });

  it('raises no second error where one explains the null', () => {
    const data = { book: { title: 'x', pages: null } };
    expect(complete('{ book { pages } }', data, [{ message: 'boom', path: ['book', 'pages'] }]).errors).toEqual([]);
    expect(complete('{ book { pages } }', data, [{ message: 'boom', path: ['book'] }]).errors).toEqual([]);
    expect(complete('{ must { id } }', { must: [[null]] }, [{ message: 'boom', path: ['must', 0, 0, 'id'] }])).toEqual({
      data: null,
      errors: [],
    });
    expect(complete('{ book { pages } }', data, [{ message: 'boom', path: ['any'] }]).errors).toHaveLength(1);
  });

  it('does not tell the name of a type the schema hides', () => {
    const document = parse('{ any { __typename } }');
    const result = completeAnswer({
      schema,
      document,
      operationName: undefined,
      rawVariables: undefined,
      data: { any: { __typename: 'Secret' } },
      errors: [],
      explained: [],
      dataKeyOf,
    });
    expect(result.errors.map(({ message }) => message).join()).not.toContain('Secret');
    expect(JSON.parse(result.data)).toEqual({ any: null });
  });

  it('reads values of another shape as errors, not as empty objects', () => {
    expect(complete('{ book { title } media { title } }', { book: 'x', media: [BOOK] })).toEqual({
      data: { book: null, media: [{ title: 'Ünï\n' }] },
      errors: [['book', 'SUBGRAPH_ANSWER_INVALID']],
    });
  });
});
