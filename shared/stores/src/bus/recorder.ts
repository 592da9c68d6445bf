import type { DeliveredMessage } from './port.js';

/** Keeps what handlers were given and lets a test wait for it. */
export class Recorder {
  /** Orders messages over several recorders. */
  static #handled = 0;
  readonly #entries: { readonly order: number; readonly message: DeliveredMessage }[] = [];
  readonly #waiters = new Set<() => void>();

  get messages(): readonly DeliveredMessage[] {
    return this.#entries.map(({ message }) => message);
  }

  add(message: DeliveredMessage): void {
    Recorder.#handled += 1;
    this.#entries.push({ order: Recorder.#handled, message });
    for (const wake of this.#waiters) wake();
  }

  untilCount(count: number): Promise<void> {
    return Recorder.untilTotal([this], count);
  }

  async untilSeen(messageId: string): Promise<void> {
    while (!this.#entries.some(({ message }) => message.messageId === messageId)) await this.untilCount(this.#entries.length + 1);
  }

  /** Waits until the recorders together have `count` messages. */
  static async untilTotal(recorders: readonly Recorder[], count: number): Promise<void> {
    const total = (): number => recorders.reduce((sum, recorder) => sum + recorder.#entries.length, 0);
    while (total() < count) {
      await new Promise<void>((resolve) => {
        for (const recorder of recorders) recorder.#waiters.add(resolve);
      });
      for (const recorder of recorders) recorder.#waiters.clear();
    }
  }

  /** All messages in the order they were handled. */
  static merge(recorders: readonly Recorder[]): DeliveredMessage[] {
    const entries = recorders.flatMap((recorder) => recorder.#entries);
    return entries.toSorted((left, right) => left.order - right.order).map(({ message }) => message);
  }
}
