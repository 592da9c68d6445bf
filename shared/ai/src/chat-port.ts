/** A question to a language model, whose answer is JSON of a given form. */
export interface ChatQuestion {
  /** What the model is to do; nothing of it comes from users. */
  readonly instructions: string;
  /** What it is about. */
  readonly input: string;
  readonly format: {
    /** Letters, digits, `_` and `-`. */
    readonly name: string;
    /** JSON Schema of the answer: every property required, no others allowed. */
    readonly schema: Readonly<Record<string, unknown>>;
  };
}

/**
 * Asks a language model.
 *
 * 1. The answer is the JSON value that the model gave. Its form is what providers promise by the schema; whoever asked checks it.
 * 2. One call is one request: nothing is asked again here. Whoever asked knows how long an answer can wait.
 * 3. An aborted signal rejects with its reason.
 * 4. Fails with LoomError AI_PROVIDER_UNAVAILABLE (away, too slow, throttling, an answer that cannot be read: may pass; `details.retryAfterMs` where
 *    the provider said so) or AI_PROVIDER_REJECTED (key, model or input; an answer that was refused, or longer than allowed).
 * 5. What was paid for is counted, whether or not the answer was of use.
 */
export interface ChatModel {
  /** Id of the model. */
  readonly name: string;
  ask(question: ChatQuestion, options?: { signal?: AbortSignal }): Promise<unknown>;
}
