import type { GatewayName, Sharing } from './gateways/gateway.ts';
import type { WorkloadName } from './workloads/workloads.ts';

/** One workload on several gateways, each with the same sharing, in turn. */
export interface Scenario {
  /** First part of its figures' names. */
  readonly name: string;
  readonly meaning: string;
  readonly workload: WorkloadName;
  readonly sharing: Sharing;
  readonly gateways: readonly GatewayName[];
}

const ALL: readonly GatewayName[] = ['ours', 'apolloGateway', 'hiveGateway', 'hiveGatewayRust'];
const HIVE: readonly GatewayName[] = ['hiveGateway', 'hiveGatewayRust'];

export const SCENARIOS: readonly Scenario[] = [
  { name: 'heavy', meaning: 'one heavy nested query, nothing shared', workload: 'heavy', sharing: 'none', gateways: ALL },
  {
    name: 'heavyFetchesShared',
    meaning: 'the heavy query, identical fetches under way shared',
    workload: 'heavy',
    sharing: 'fetches',
    gateways: ['ours', ...HIVE],
  },
  {
    name: 'coalesced',
    meaning: 'the heavy query, identical operations under way shared',
    workload: 'heavy',
    sharing: 'operations',
    gateways: ['ours', ...HIVE],
  },
  { name: 'wide', meaning: '1,000 flat items of two subgraphs', workload: 'wide', sharing: 'none', gateways: ALL },
  { name: 'point', meaning: 'one object of one subgraph', workload: 'point', sharing: 'none', gateways: ALL },
  { name: 'mixed', meaning: 'ten operations with varied variables', workload: 'mixed', sharing: 'none', gateways: ALL },
  { name: 'cold', meaning: 'every request an operation never seen before', workload: 'cold', sharing: 'none', gateways: ALL },
  {
    name: 'allInOne',
    meaning: 'the heavy query, nothing shared; with the subgraphs in the process, their work counts, too',
    workload: 'heavy',
    sharing: 'none',
    gateways: ['ours', 'oursInProcess'],
  },
];

/** Connections that ask again when they are answered. */
export const CONNECTIONS = 50;

export interface Size {
  readonly gateways: readonly GatewayName[];
  readonly rounds: number;
  /** Of a gateway's first round: until its code is compiled. */
  readonly firstWarmupSeconds: number;
  readonly warmupSeconds: number;
  readonly seconds: number;
  /** Load before memory is read; 0: what the rounds of the first scenario were. */
  readonly soakSeconds: number;
}

export const FULL: Size = {
  gateways: [...ALL, 'oursInProcess'],
  rounds: 3,
  firstWarmupSeconds: 5,
  warmupSeconds: 1.5,
  seconds: 5,
  soakSeconds: 600,
};
/** Against the one other gateway that needs no installing. */
export const SHORT: Size = {
  gateways: ['ours', 'apolloGateway', 'oursInProcess'],
  rounds: 1,
  firstWarmupSeconds: 1.5,
  warmupSeconds: 1.5,
  seconds: 2,
  soakSeconds: 0,
};
