import { createQuoteFinder, MAX_QUOTED } from './find-quote.js';

const TEXT = `Ann  Example
- Built event streaming
  for payments, “Kafka” – and JavaScript
使用微服务
架构负责 Spring Boot 开发
Java`;

describe('find a quote', () => {
  const finder = createQuoteFinder(TEXT);
  const found = (quote: string): string | undefined => {
    const span = finder.first(quote);
    return span && TEXT.slice(span.start, span.end);
  };

  it.each([
    ['Ann Example', 'Ann  Example'],
    ['built EVENT streaming for payments', 'Built event streaming\n  for payments'],
    ['"Kafka" - and', 'Kafka” – and'],
    ['…event streaming...', 'event streaming'],
    ['使用微服务架构', '使用微服务\n架构'],
    ['负责Spring Boot开发', '负责 Spring Boot 开发'],
    ['Ｊａｖａ', 'Java'],
  ])('%j, as it is written there', (quote, expected) => {
    expect(found(quote)).toBe(expected);
  });

  it.each(['led a team', '', ' ', 'a', '...', 'vent streaming', 'Built streaming', 'x'.repeat(MAX_QUOTED + 1)])('not %j', (quote) => {
    expect(found(quote)).toBeUndefined();
  });

  it('whole words only', () => {
    expect(finder.first('Java')).toEqual({ start: TEXT.length - 4, end: TEXT.length });
    expect(finder.all('java')).toHaveLength(1);
  });

  it('keeps its places where letters change their length', () => {
    const text = 'İİİ Go 👍 Rust';
    const span = createQuoteFinder(text).first('Rust');
    expect(span && text.slice(span.start, span.end)).toBe('Rust');
  });
});
