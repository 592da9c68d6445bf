import { isSamePlace, isWithin, placeIn, placeOf } from './place.js';

describe('R5 places', () => {
  it.each([
    ['Berlin, DE', { country: 'DE', city: 'berlin' }],
    ['现居杭州', { country: 'CN', city: 'hangzhou' }],
    ['北京市海淀区', { country: 'CN', city: 'beijing' }],
    ['Hangzhou, China', { country: 'CN', city: 'hangzhou' }],
    ['中国 · 苏州', { country: 'CN', city: 'suzhou' }],
    // A state, not Canada; a state, not Germany.
    ['San Francisco, CA', { country: 'US', city: 'san francisco' }],
    ['Springfield, CA', { country: null, city: 'springfield' }],
    ['Paris, USA', { country: 'US', city: 'paris' }],
    ['Germany', { country: 'DE', city: null }],
    ['Remote, Germany', { country: 'DE', city: null }],
    ['Nowhere-on-Sea', { country: null, city: 'nowhere-on-sea' }],
    ['', { country: null, city: null }],
  ])('%j is %j', (text, place) => {
    expect(placeIn(text)).toEqual(place);
  });

  it('a job has its city by the usual name', () => {
    expect(placeOf({ country: null, city: '慕尼黑' })).toEqual({ country: 'DE', city: 'munich' });
    expect(placeOf({ country: 'US', city: 'Paris' })).toEqual({ country: 'US', city: 'paris' });
  });

  it.each([
    ['杭州', 'Hangzhou', true],
    ['杭州', '上海', false],
    ['Berlin, Germany', 'Tokyo', false],
    ['Germany', 'Germany', true],
    ['Nowhere-on-Sea', 'nowhere-on-sea', true],
    // What is not known decides nothing.
    ['Germany', 'Berlin', undefined],
    ['Nowhere-on-Sea', 'Elsewhere', undefined],
    ['Nowhere-on-Sea', 'Berlin', undefined],
    ['', 'Berlin', undefined],
    ['', '', undefined],
  ])('%j and %j are one place: %j', (a, b, same) => {
    expect(isSamePlace(placeIn(a), placeIn(b))).toBe(same);
    expect(isSamePlace(placeIn(b), placeIn(a))).toBe(same);
  });

  it('who is somewhere unknown is in no place that was asked for', () => {
    const germany = placeOf({ country: 'DE', city: null });
    expect(['Berlin', 'Hamburg, Germany', 'Tokyo', 'Nowhere-on-Sea', ''].map((text) => isWithin(placeIn(text), germany))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
