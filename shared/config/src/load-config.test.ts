import { z } from 'zod';
import { defineConfig } from './define-config.js';
import { ConfigError, loadConfig } from './load-config.js';
import { duration, integer, list, port, secret, url } from './primitives.js';
import { setting } from './setting.js';

const definition = defineConfig(
  {
    http: {
      port: setting({ env: 'PORT', schema: port(), default: 4000, doc: 'Where it listens.' }),
      timeoutMs: setting({ env: 'TIMEOUT', schema: duration(), default: '30s', doc: 'How long a request may take.', unit: 'duration' }),
      origins: setting({ env: 'ORIGINS', schema: list(), default: '', doc: 'Allowed origins.' }),
    },
    ai: {
      apiKey: setting({ env: 'API_KEY', schema: secret({ minLength: 8 }).optional(), doc: 'Key.', secret: true }),
      dimensions: setting({ env: 'DIMENSIONS', schema: integer({ min: 8 }), default: 1536, doc: 'Length.' }),
      columnDimensions: setting({ env: 'COLUMN_DIMENSIONS', schema: integer({ min: 8 }), default: 1536, doc: 'Column.' }),
    },
    mysqlUrl: setting({ env: 'MYSQL_URL', schema: url('mysql'), doc: 'Store.' }),
    level: setting({ env: 'LEVEL', schema: z.enum(['debug', 'info']), default: 'info', doc: 'Level.' }),
  },
  {
    rules: [
      ({ ai }) =>
        ai.dimensions === ai.columnDimensions
          ? undefined
          : `DIMENSIONS (${ai.dimensions}) differs from COLUMN_DIMENSIONS (${ai.columnDimensions})`,
      ({ http }) => (http.port === 22 ? 'PORT: 22 is taken' : undefined),
    ],
  },
);

describe('loadConfig', () => {
  it('answers typed, nested values with defaults read by the same schema', () => {
    const config = loadConfig(definition, {
      MYSQL_URL: 'mysql://root@127.0.0.1/loom',
      PORT: '8080',
      ORIGINS: 'a, b',
      API_KEY: 'sk-12345678',
    });
    const typed: { port: number; timeoutMs: number; origins: readonly string[] } = config.http;
    expect(typed).toEqual({ port: 8080, timeoutMs: 30_000, origins: ['a', 'b'] });
    const level: 'debug' | 'info' = config.level;
    expect(level).toBe('info');
    expect(config.ai.apiKey?.reveal()).toBe('sk-12345678');
  });

  it('1. takes empty and blank variables as not set, and drops blanks around values', () => {
    const config = loadConfig(definition, { MYSQL_URL: ' mysql://h/x\n', PORT: '', TIMEOUT: '  ', API_KEY: '' });
    expect(config.http.port).toBe(4000);
    expect(config.http.timeoutMs).toBe(30_000);
    expect(config.ai.apiKey).toBeUndefined();
    expect(config.mysqlUrl).toBe('mysql://h/x');
  });

  it('2. lists every problem at once, one line each, without printing secrets', () => {
    const env = { PORT: '99999', TIMEOUT: '30', API_KEY: 'hunter2', LEVEL: 'loud', DIMENSIONS: '768' };
    const error = catchError(() => loadConfig(definition, env));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect((error as ConfigError).problems).toEqual([
      'PORT: "99999" does not fit; expected a port number from 0 to 65535',
      'TIMEOUT: "30" does not fit; expected a duration such as 250ms, 30s, 5m, 1h',
      'API_KEY: does not fit (value not shown); expected a secret of at least 8 characters',
      'MYSQL_URL: is not set; expected a URL starting with mysql:// and a host',
      expect.stringMatching(/^LEVEL: "loud" does not fit; .*debug.*info/),
      'DIMENSIONS (768) differs from COLUMN_DIMENSIONS (1536)',
    ]);
    expect((error as Error).message).toMatch(/^The configuration does not fit \(6 problems\):\n  - PORT: /);
    expect((error as Error).message).not.toContain('hunter2');
  });

  it('2. reports what a rule finds', () => {
    expect(() => loadConfig(definition, { MYSQL_URL: 'mysql://h/x', PORT: '22' })).toThrow('PORT: 22 is taken');
  });

  it('3. freezes everything', () => {
    const config = loadConfig(definition, { MYSQL_URL: 'mysql://h/x', ORIGINS: 'a' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.http)).toBe(true);
    expect(() => (config.http.origins as string[]).push('b')).toThrow(TypeError);
  });

  it('refuses a variable that is declared twice, and a bad name', () => {
    const one = setting({ env: 'A', schema: port(), doc: 'A.' });
    expect(() => defineConfig({ x: one, y: { z: one } })).toThrow('A is declared twice: as x and as y.z.');
    expect(() => setting({ env: 'a-b', schema: port(), doc: 'A.' })).toThrow('UPPER_SNAKE_CASE');
  });
});

function catchError(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
