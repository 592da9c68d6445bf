import { readArguments } from './arguments.js';

describe('readArguments', () => {
  it('answers no settings without arguments', () => {
    expect(readArguments([], '/here')).toEqual({ kind: 'run', settings: {} });
  });

  it('answers settings as the environment would hold them', () => {
    const args = [
      '--supergraph',
      'a/super.graphql',
      '--port=0',
      '--host',
      '0.0.0.0',
      '--subgraph',
      'a=http://a',
      '--subgraph',
      'b=http://b',
    ];
    expect(readArguments([...args, '--forward', 'x-tenant'], '/here')).toEqual({
      kind: 'run',
      settings: {
        SUPERGRAPH: '/here/a/super.graphql',
        PORT: '0',
        HOST: '0.0.0.0',
        SUBGRAPH_URLS: 'a=http://a,b=http://b',
        FORWARD_HEADERS: 'x-tenant',
      },
    });
  });

  it.each(['https://registry.example/supergraph', '/abs/super.graphql'])('leaves %s as it is', (location) => {
    expect(readArguments(['--supergraph', location], '/here')).toMatchObject({ settings: { SUPERGRAPH: location } });
  });

  it('prints help', () => {
    expect(readArguments(['--help'], '/here')).toMatchObject({
      kind: 'print',
      exitCode: 0,
      text: expect.stringContaining('--supergraph FILE|URL'),
    });
  });

  it.each([[['--supergraf', 'x']], [['--port']], [['x.graphql']]])('refuses %j', (args) => {
    expect(readArguments(args, '/here')).toMatchObject({ kind: 'print', exitCode: 2, text: expect.stringContaining('--help') });
  });
});
