import type { TextItem } from './page.js';
import { readingOrder } from './reading-order.js';

const at = (x: number, y: number, text: string, height = 10): TextItem => ({ text, x, y, height, width: text.length * height * 0.5 });
const order = (items: readonly TextItem[]) => readingOrder([{ width: 600, height: 800, items }]);
const lines = (x: number, from: number, texts: readonly string[]): TextItem[] => texts.map((text, index) => at(x, from + index * 15, text));

describe('R4 readingOrder', () => {
  const left = ['Contact', 'ann@example.com', '+1 415 555', 'Skills', 'Java, Go', 'Docker'];
  const right = [
    'Experience',
    'Acme, Senior Engineer',
    'Built a thing that works well',
    'Globex, Engineer',
    'Fixed what was broken there',
    'Education',
  ];

  it('reads one column after the other, and what lies across both before them', () => {
    const head = at(40, 40, 'Ann Example, an engineer who has written a long line about herself', 12);
    expect(order([...lines(220, 80, right), head, ...lines(40, 80, left)])).toEqual([head.text, ...left, ...right]);
  });

  it('a line across the page between two pairs of columns parts them', () => {
    const between = at(40, 180, 'What follows was written by somebody else, and is set across the page');
    expect(order([...lines(40, 60, left), ...lines(220, 60, right), between, ...lines(40, 220, left), ...lines(220, 220, right)])).toEqual([
      ...left,
      ...right,
      between.text,
      ...left,
      ...right,
    ]);
  });

  it('dates at the right edge belong to their lines', () => {
    const items = ['Acme, Senior Engineer', 'Globex, Engineer', 'Initech, Developer', 'Umbrella, Intern', 'Stark, Intern'].flatMap(
      (text, index) => [at(40, 60 + index * 15, text), at(480, 60 + index * 15, `${2015 + index} - ${2016 + index}`)],
    );
    expect(order(items)[0]).toBe('Acme, Senior Engineer  2015 - 2016');
    expect(order(items)).toHaveLength(5);
  });

  it('pieces of one line are joined as they stand: no blank within Chinese, one where one is seen, two between parts', () => {
    expect(order([at(40, 50, '微', 10), { ...at(46.5, 50, '服务'), width: 20 }])).toEqual(['微服务']);
    expect(order([{ ...at(40, 50, 'Hello'), width: 25 }, at(68, 50.3, 'world')])).toEqual(['Hello world']);
    expect(order([{ ...at(40, 50, '字节跳动'), width: 40 }, at(90, 50, '工程师')])).toEqual(['字节跳动  工程师']);
  });
});
