import { startApolloGateway } from './apollo.ts';
import type { GatewayName, StartGateway } from './gateway.ts';
import { startHiveGateway, startHiveGatewayRust } from './hive.ts';
import { startOurs, startOursInProcess } from './ours.ts';

export const START: Readonly<Record<GatewayName, StartGateway>> = {
  ours: startOurs,
  apolloGateway: startApolloGateway,
  hiveGateway: startHiveGateway,
  hiveGatewayRust: startHiveGatewayRust,
  oursInProcess: startOursInProcess,
};

export const TITLES: Readonly<Record<GatewayName, string>> = {
  ours: 'ours',
  apolloGateway: '@apollo/gateway',
  hiveGateway: 'Hive Gateway',
  hiveGatewayRust: 'Hive Gateway with its Rust planner',
  oursInProcess: 'ours with the subgraphs in its process',
};
