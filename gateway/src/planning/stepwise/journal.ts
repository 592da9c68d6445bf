/** Remembers how to take back what was changed, so that a way that leads nowhere leaves nothing behind. */
export class Journal {
  readonly #undo: (() => void)[] = [];

  /** Sets what a map holds under a key. */
  set<K, V>(map: Map<K, V>, key: K, value: V): V {
    const before = map.get(key);
    const isNew = !map.has(key);
    map.set(key, value);
    this.#undo.push(() => {
      if (isNew) map.delete(key);
      else map.set(key, before!); // it was there
    });
    return value;
  }

  push<T>(list: T[], item: T): void {
    list.push(item);
    this.#undo.push(() => void list.pop());
  }

  /** Has `change` made, and `undo` called where it turns out to be of no use. */
  change(change: () => void, undo: () => void): void {
    change();
    this.#undo.push(undo);
  }

  /** What `step` comes to; everything it changed is taken back where that is undefined. */
  attempt<T>(step: () => T | undefined): T | undefined {
    const mark = this.#undo.length;
    const result = step();
    if (result === undefined) while (this.#undo.length > mark) this.#undo.pop()?.();
    return result;
  }
}
