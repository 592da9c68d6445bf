import { loadConfig } from '@loomgraph/config';
import { gatewayConfig } from './config.js';

describe('gatewayConfig', () => {
  it('needs nothing: everything runs in one process on the loopback address', () => {
    const config = loadConfig(gatewayConfig, {});
    expect(config).toMatchObject({
      server: { host: '127.0.0.1', port: 4000, maxBodyBytes: 1_048_576, shutdownGraceMs: 10_000 },
      subgraphs: { pollIntervalMs: 10_000, timeoutMs: 10_000 },
      graphql: { introspection: true, landingPage: true },
      log: { level: 'info' },
    });
    expect(config.subgraphs.templatesUrl).toBeUndefined();
  });

  it('asks for the identity secret as soon as a subgraph is remote', () => {
    const remote = { SUBGRAPH_TEMPLATES_URL: 'http://templates:4001/graphql' };
    expect(() => loadConfig(gatewayConfig, remote)).toThrow('GATEWAY_IDENTITY_SECRET: is not set');
    const config = loadConfig(gatewayConfig, { ...remote, GATEWAY_IDENTITY_SECRET: 'x'.repeat(32) });
    expect(config.subgraphs.templatesUrl).toBe(remote.SUBGRAPH_TEMPLATES_URL);
  });

  it('lists every problem at once', () => {
    const wrong = { PORT: 'http', LOG_LEVEL: 'loud', SUBGRAPH_TIMEOUT: '10', JWT_SECRET: 'short' };
    expect(() => loadConfig(gatewayConfig, wrong)).toThrow(/PORT:[^]*LOG_LEVEL:[^]*JWT_SECRET:[^]*SUBGRAPH_TIMEOUT:/);
  });

  it('traces nothing and explains by role until it is told otherwise', () => {
    const { tracing, graphql } = loadConfig(gatewayConfig, {});
    expect([tracing, graphql.explain]).toEqual([{ endpoint: undefined, serviceName: 'loomgraph-gateway', samplingRatio: 1 }, 'role']);
    const set = loadConfig(gatewayConfig, {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_TRACES_SAMPLER_ARG: '5%',
      EXPLAIN: 'public',
    });
    expect(set).toMatchObject({ tracing: { endpoint: 'http://collector:4318', samplingRatio: 0.05 }, graphql: { explain: 'public' } });
    expect(() => loadConfig(gatewayConfig, { EXPLAIN: 'all', OTEL_TRACES_SAMPLER_ARG: '2' })).toThrow(
      /OTEL_TRACES_SAMPLER_ARG:[^]*EXPLAIN:/,
    );
  });

  it('reads where subgraphs run and which headers they are passed', () => {
    const { subgraphs } = loadConfig(gatewayConfig, {
      SUBGRAPH_URLS: 'products = http://products:4001/graphql?a=b, reviews=https://reviews',
      FORWARD_HEADERS: 'Authorization, x-tenant,authorization',
    });
    expect(subgraphs.urls).toEqual([
      { name: 'products', url: 'http://products:4001/graphql?a=b' },
      { name: 'reviews', url: 'https://reviews' },
    ]);
    expect(subgraphs.forwardHeaders).toEqual(['authorization', 'x-tenant']);
    expect(loadConfig(gatewayConfig, {}).subgraphs).toMatchObject({ urls: [], forwardHeaders: [] });
  });

  it.each([
    ['SUBGRAPH_URLS', 'products'],
    ['SUBGRAPH_URLS', 'products=ftp://x'],
    ['SUBGRAPH_URLS', '=http://x'],
    ['SUBGRAPH_URLS', 'a=http://x,a=http://y'],
    ['FORWARD_HEADERS', 'content-length'],
    ['FORWARD_HEADERS', 'x tenant'],
    ['FORWARD_HEADERS', 'X-Loom-Identity'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => loadConfig(gatewayConfig, { [name]: value })).toThrow(`${name}: "${value}" does not fit; expected name`);
  });
});
