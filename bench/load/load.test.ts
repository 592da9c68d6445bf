import { isGoodAnswer } from './load.ts';

describe('isGoodAnswer', () => {
  it('takes data without errors only', () => {
    expect(isGoodAnswer(200, '{"data":{"a":1}}')).toBe(true);
    expect(isGoodAnswer(200, '{"data":{"a":null},"errors":[{"message":"x"}]}')).toBe(false);
    expect(isGoodAnswer(200, '{"errors":[{}],"data":null}')).toBe(false);
    expect(isGoodAnswer(500, '{"data":{}}')).toBe(false);
  });
});
