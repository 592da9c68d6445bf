/**
 * Turns texts into vectors that are near each other when the texts are.
 *
 * 1. One vector for each text, in the order of the texts; no text, no call.
 * 2. Each has `dimensions` finite components and length 1, and its components are single-precision numbers, so that a vector read
 *    back from a store equals the one that was written.
 * 3. The same text has the same vector, whatever else is in the call (a provider may differ in the last digits: cosine above 0.999).
 * 4. A blank text has a defined vector, the same for all blank texts, and costs no call to a provider.
 * 5. A text is nearer to one that says the same in other order than to one about something else.
 * 6. An aborted signal rejects with its reason, and what has not been sent is not sent.
 * 7. Providers fail with LoomError AI_PROVIDER_UNAVAILABLE (may pass; `details.retryAfterMs` where the provider said so) or
 *    AI_PROVIDER_REJECTED (needs an operator); all texts of the call fail together.
 * 8. Vectors can be compared only within one `name`, `version` and `dimensions`: store them with every vector.
 */
export interface Embedder {
  /** Id of the model. */
  readonly name: string;
  /** Rises when the same model gives other vectors, because of what is done to the text before or to the vector after. */
  readonly version: number;
  readonly dimensions: number;
  /** `lexical`: nearness means shared words. `semantic`: nearness means shared meaning. */
  readonly similarity: 'lexical' | 'semantic';
  embed(texts: readonly string[], options?: { signal?: AbortSignal }): Promise<number[][]>;
}
