/** @apollo/gateway as its documentation starts it: Apollo Server alone, a static supergraph. Arguments: supergraph file, port. */
import { readFile } from 'node:fs/promises';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

const [, , supergraphFile = '', port = ''] = process.argv;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const gateway = new ApolloGateway({ supergraphSdl: await readFile(supergraphFile, 'utf8'), logger: silent });
await startStandaloneServer(new ApolloServer({ gateway, logger: silent }), { listen: { host: '127.0.0.1', port: Number(port) } });
