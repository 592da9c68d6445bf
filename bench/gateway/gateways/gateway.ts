import type { Cores } from '../load/pinning.ts';

/** Names in figures. */
export const GATEWAYS = ['ours', 'apolloGateway', 'hiveGateway', 'hiveGatewayRust', 'oursInProcess'] as const;
export type GatewayName = (typeof GATEWAYS)[number];

/**
 * What concurrent requests may share: nothing, identical fetches of subgraphs that are under way, or identical operations that are under way.
 * A gateway that does not know a way of sharing has none.
 */
export type Sharing = 'none' | 'fetches' | 'operations';

export interface StartOptions {
  readonly supergraphFile: string;
  /** For files of this run; removed at its end. */
  readonly folder: string;
  readonly sharing: Sharing;
  readonly seed: number;
  readonly cores: Cores;
}

export interface RunningGateway extends AsyncDisposable {
  readonly pid: number;
  /** `http://127.0.0.1:12345/graphql`. */
  readonly url: string;
  readonly startSeconds: number;
}

/** Starts a gateway as a process of its own; resolves when it answers. @throws Error with its output when it does not */
export type StartGateway = (options: StartOptions) => Promise<RunningGateway>;
