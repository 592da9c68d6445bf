import type { AttackClient } from './client.ts';

/** A call that the gateway really made: what an attacker inside the network might record. */
export interface RecordedCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A subgraph that can be reached past the gateway. */
export interface SubgraphTarget {
  /** Its name, which is the audience of what the gateway signs for it. */
  readonly name: string;
  /** The secret between gateway and subgraphs; stolen, everything is lost, so cases use it only to sign what is wrong in one point. */
  readonly identitySecret: string;
  /** Attacks it directly. */
  readonly client: AttackClient;
  /** The last call of the gateway to it whose body holds this text. @throws Error when there was none */
  recorded(text: string): RecordedCall;
}
