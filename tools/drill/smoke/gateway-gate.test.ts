import type { GraphqlClient } from '../../harness/graphql.ts';
import { GatewayGate } from './gateway-gate.ts';

const client = {} as GraphqlClient;

describe('GatewayGate', () => {
  it('lets nobody through until it opens', async () => {
    const gate = new GatewayGate();
    const waiting = [gate.client(), gate.client()];
    gate.open(client);
    expect(await Promise.all(waiting)).toEqual([client, client]);
    expect(await gate.client()).toBe(client);
  });

  it('holds again once closed, and sends everyone home at the end', async () => {
    const gate = new GatewayGate();
    gate.open(client);
    gate.close();
    const waiting = gate.client();
    gate.end();
    expect(await waiting).toBeUndefined();
    expect(await gate.client()).toBeUndefined();
  });
});
