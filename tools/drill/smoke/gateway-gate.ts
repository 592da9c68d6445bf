import type { GraphqlClient } from '../../harness/graphql.ts';

/**
 * Where writers wait while there is no gateway.
 *
 *   closed --open--> open: `client` answers at once
 *   open --close--> closed: `client` waits
 *   any --end--> ended: `client` answers undefined
 */
export class GatewayGate {
  #client: GraphqlClient | undefined;
  #ended = false;
  #waiting: ((client: GraphqlClient | undefined) => void)[] = [];

  client(): Promise<GraphqlClient | undefined> {
    if (this.#client || this.#ended) return Promise.resolve(this.#client);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  open(client: GraphqlClient): void {
    this.#client = client;
    this.#release();
  }

  close(): void {
    this.#client = undefined;
  }

  end(): void {
    this.#client = undefined;
    this.#ended = true;
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve(this.#client);
  }
}
