/**
 * Maps with several pieces of work under way at once and answers in the order of the input; at most `width` are held, so memory is bounded by it.
 * Whoever stops reading stops it: what is under way is awaited, nothing new is begun.
 */
export async function* inOrder<T, R>(input: AsyncIterable<T>, width: number, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  try {
    for await (const item of input) {
      const one = work(item);
      // It may fail while an earlier one is awaited; whoever awaits it hears of that.
      one.catch(() => undefined);
      underWay.push(one);
      if (underWay.length >= width) yield await (underWay.shift() as Promise<R>);
    }
    while (underWay.length > 0) yield await (underWay.shift() as Promise<R>);
  } finally {
    await Promise.allSettled(underWay);
  }
}
