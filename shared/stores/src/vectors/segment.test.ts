import { foldTitle, segment, withoutEmptyWords } from './segment.js';

describe('segment', () => {
  it('cuts Chinese into words and the words inside them', () => {
    expect(segment('高级全栈工程师').split(' ')).toEqual(expect.arrayContaining(['高级', '全栈', '工程师']));
    expect(segment('后端')).toBe('后端');
  });

  it('keeps words of other scripts whole, lower case, without punctuation', () => {
    expect(segment('Node.js, ＰＭ — Ünïcode 2024')).toBe('node js pm ünïcode 2024');
  });

  it('tells C, C++ and C# apart', () => {
    expect(segment('C C++ C#')).toBe('c cplusplus csharp');
  });

  it('finds no words in punctuation', () => {
    expect(segment('?! … 、。')).toBe('');
  });
});

describe('withoutEmptyWords', () => {
  it('drops words without content, unless there is nothing else', () => {
    expect(withoutEmptyWords('the modern 的 简历')).toBe('modern 简历');
    expect(withoutEmptyWords('of the')).toBe('of the');
    expect(withoutEmptyWords('')).toBe('');
  });
});

describe('foldTitle', () => {
  it('unifies case, width and spaces', () => {
    expect(foldTitle('  Ｍodern \n Resume ')).toBe('modern resume');
  });
});
