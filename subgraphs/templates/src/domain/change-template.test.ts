import { changedFields, newTemplate } from './change-template.js';

describe('changes of a template', () => {
  const made = { id: 't1', createdBy: 'u1', now: new Date(0) };
  const template = newTemplate(
    { name: 'A', slug: 'a', categoryId: 'c', tags: ['x', 'y'], variables: { b: { k: 1, list: [{ p: 1, q: 2 }] }, a: null } },
    made,
  );

  it('fills in the defaults', () => {
    expect(template).toMatchObject({
      language: 'zh',
      version: '1.0',
      difficulty: 1,
      estimatedTimeMinutes: 30,
      isActive: true,
      revision: 1,
      usage: 0,
    });
  });

  it('finds no change where only the order of keys differs, as the JSON types of databases keep none', () => {
    expect(changedFields(template, { name: 'A', tags: ['x', 'y'], variables: { a: null, b: { list: [{ q: 2, p: 1 }], k: 1 } } })).toEqual(
      {},
    );
  });

  it.each([
    [{ tags: ['y', 'x'] }],
    [{ tags: ['x'] }],
    [{ variables: {} }],
    [{ variables: { b: { k: 1, list: [{ p: 1 }] }, a: null } }],
    [{ variables: { b: { k: 1, list: { 0: { p: 1, q: 2 } } }, a: null } }],
    [{ preview: 'p' }],
  ])('finds the change %j', (fields) => {
    expect(changedFields(template, fields)).toEqual(fields);
  });

  it('leaves alone what is not given', () => {
    expect(changedFields(template, { name: 'B' })).toEqual({ name: 'B' });
  });
});
