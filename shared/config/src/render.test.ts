import { defineConfig } from './define-config.js';
import { duration, port, secret, url } from './primitives.js';
import { configKeys, renderConfigDoc, renderEnvExample } from './render.js';
import { setting } from './setting.js';

const level = setting({ env: 'LOG_LEVEL', schema: port(), default: 1, doc: 'Level.' });
const gateway = defineConfig(
  {
    level,
    http: {
      port: setting({ env: 'PORT', schema: port(), default: 4000, doc: 'Where it listens.' }),
      timeoutMs: setting({ env: 'TIMEOUT', schema: duration(), default: '30s', doc: 'A|B.', unit: 'duration' }),
    },
    stores: {
      mysql: { url: setting({ env: 'MYSQL_URL', schema: url('mysql'), doc: 'Store.' }) },
      redis: { url: setting({ env: 'REDIS_URL', schema: url('redis').optional(), doc: 'Cache.', secret: true }) },
    },
  },
  { title: 'Gateway' },
);
const relay = defineConfig(
  { level, key: setting({ env: 'KEY', schema: secret(), default: 'dev-only', doc: 'Key.', secret: true }) },
  { title: 'Relay' },
);

describe('generated pages', () => {
  it('renders .env.example: defaults commented out, required ones to fill in, no secrets', () => {
    expect(renderEnvExample([gateway, relay])).toBe(
      [
        '# Generated from the config definitions: change those, not this file.',
        '',
        '# --- Gateway ---',
        '# Level.',
        '#LOG_LEVEL=1',
        '',
        '# --- Gateway: http ---',
        '# Where it listens.',
        '#PORT=4000',
        '# A|B. (duration)',
        '#TIMEOUT=30s',
        '',
        '# --- Gateway: stores.mysql ---',
        '# Store. (required)',
        'MYSQL_URL=',
        '',
        '# --- Gateway: stores.redis ---',
        '# Cache. (secret)',
        '#REDIS_URL=',
        '',
        '# --- Relay ---',
        '# Key. (secret)',
        '#KEY=',
        '',
      ].join('\n'),
    );
  });

  it('renders the Markdown tables, each variable once', () => {
    const page = renderConfigDoc([gateway, relay]);
    expect(page).toContain(
      '## Gateway\n\n| key | default | unit | meaning |\n| --- | --- | --- | --- |\n| `LOG_LEVEL` | `1` |  | Level. |',
    );
    expect(page).toContain('### http');
    expect(page).toContain('| `TIMEOUT` | `30s` | duration | A\\|B. |');
    expect(page).toContain('| `MYSQL_URL` | **required** |  | Store. |');
    expect(page).toContain('| `REDIS_URL` | not set |  | Cache. Secret. |');
    expect(page).toContain('| `KEY` | set for development |  | Key. Secret. |');
    expect(page.match(/LOG_LEVEL/g)).toHaveLength(1);
  });

  it('lists the variables a deployment may set', () => {
    expect(configKeys([gateway, relay])).toEqual(['KEY', 'LOG_LEVEL', 'MYSQL_URL', 'PORT', 'REDIS_URL', 'TIMEOUT']);
  });
});
