import { createLogger } from './logger.js';
import { createMemoryLogger } from './memory-logger.js';

class Secret {
  toJSON(): string {
    return '[redacted]';
  }
  readonly hidden = 'hunter2';
}

describe('logger', () => {
  it('1. writes one JSON line with a word for the level, the time and the name', () => {
    const lines: string[] = [];
    createLogger({ level: 'info', name: 'gateway', destination: { write: (line) => void lines.push(line) } }).info('Listening', {
      port: 4000,
    });
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0]!) as Record<string, unknown>;
    expect(line).toMatchObject({ level: 'info', name: 'gateway', msg: 'Listening', port: 4000 });
    expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('leaves out what is below the level', () => {
    const logger = createMemoryLogger('warn');
    logger.info('quiet');
    logger.warn('loud');
    expect(logger.lines.map((line) => line.message)).toEqual(['loud']);
    logger.clear();
    expect(logger.lines).toEqual([]);
  });

  it('2. redacts fields by name at any depth, and Secret-like values by their own JSON', () => {
    const logger = createMemoryLogger();
    logger.info('x', {
      authorization: 'Bearer abcdefgh',
      request: {
        headers: { 'Set-Cookie': ['a=hunter2'], 'x-loom-identity': 'hunter2' },
        deep: { er: { password: 'hunter2', clientSecret: 'hunter2' } },
      },
      accessToken: 'hunter2',
      api_key: new Secret(),
      value: new Secret(),
      tokens: 12,
      tokenCount: 3,
    });
    expect(JSON.stringify(logger.lines)).not.toContain('hunter2');
    expect(logger.lines[0]!.fields).toMatchObject({ tokens: 12, tokenCount: 3, accessToken: '[redacted]', value: '[redacted]' });
  });

  it('2. redacts credentials inside texts, and leaves URLs without a password alone', () => {
    const logger = createMemoryLogger();
    logger.info('connecting to mysql://root:hunter2@127.0.0.1/loom with Bearer hunter2hunter2', {
      url: 'redis+sentinel://:hunter2@h:1,h:2/loom',
      odd: 'postgres://u:p@hunter2@host/db',
      plain: 'postgres://postgres@127.0.0.1:5432/loom',
      sentinel: 'redis+sentinel://h:1,h:2/name',
    });
    expect(JSON.stringify(logger.lines)).not.toContain('hunter2');
    expect(logger.lines[0]!.message).toBe('connecting to mysql://root:[redacted]@127.0.0.1/loom with Bearer [redacted]');
    expect(logger.lines[0]!.fields).toMatchObject({
      plain: 'postgres://postgres@127.0.0.1:5432/loom',
      sentinel: 'redis+sentinel://h:1,h:2/name',
    });
  });

  it('3. writes an error with its code, details and causes, without secrets', () => {
    const logger = createMemoryLogger();
    const cause = Object.assign(new Error('connect mysql://u:hunter2@h failed'), { code: 'ECONNREFUSED', socket: { password: 'hunter2' } });
    logger.error('failed', { error: Object.assign(new Error('store down', { cause }), { details: { store: 'mysql', token: 'hunter2' } }) });
    const { error } = logger.lines[0]!.fields as { error: Record<string, unknown> };
    expect(error).toMatchObject({ type: 'Error', message: 'store down', details: { store: 'mysql' }, cause: { code: 'ECONNREFUSED' } });
    expect(error['stack']).toContain('logger.test');
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  // A row that broke a rule stood in the log as a whole, password hashes and addresses with it: PostgreSQL's "Failing row contains".
  it('2. leaves out what databases quote of rows and statements', () => {
    const logger = createMemoryLogger();
    const driver = Object.assign(new Error('null value in column "name" violates not-null constraint'), {
      code: '23502',
      column: 'name',
      detail: 'Failing row contains (7, alice@example.org, null).',
      where: "COPY users, line 1: 'alice@example.org'",
      query: "insert into users values (7, 'alice@example.org', null)",
      sql: "insert into users values (7, 'alice@example.org', null)",
      sqlMessage: "Duplicate entry 'alice@example.org' for key 'users.email'",
    });
    const cause = new Error("Duplicate entry 'alice@example.org' for key 'users.email'", { cause: driver });
    const error = new Error('Failing row contains (7, (alice@example.org)).', { cause });
    logger.error('failed: Key (email)=(alice@example.org) already exists.', { error });
    expect(JSON.stringify(logger.lines)).not.toContain('alice');
    expect(logger.lines[0]).toMatchObject({
      message: 'failed: Key (email)=[redacted]',
      fields: {
        error: {
          message: 'Failing row contains [redacted]',
          cause: {
            message: "Duplicate entry [redacted] for key 'users.email'",
            cause: { code: '23502', column: 'name', message: driver.message },
          },
        },
      },
    });
  });

  it('1. never throws: cycles, BigInt, failing getters and huge depth cost detail, not the line', () => {
    const logger = createMemoryLogger();
    const cycle: Record<string, unknown> = { id: 10n, bytes: Buffer.from('abc') };
    cycle['self'] = cycle;
    logger.info('cycle', { cycle });
    logger.info('getter', {
      get broken(): string {
        throw new Error('no');
      },
    });
    expect(logger.lines[0]!.fields).toEqual({ cycle: { id: '10', bytes: '[3 bytes]', self: '[circular]' } });
    expect(logger.lines[1]).toMatchObject({ message: 'getter', fields: { fields: '[not serialisable]' } });
  });

  it('5. puts the fields of a child on every line, redacted', () => {
    const logger = createMemoryLogger();
    logger.child({ component: 'relay', token: 'hunter2' }).child({ batch: 7 }).info('claimed', { count: 3 });
    expect(logger.lines[0]!.fields).toEqual({ component: 'relay', token: '[redacted]', batch: 7, count: 3 });
  });

  it('scans long hostile texts in linear time', () => {
    const logger = createMemoryLogger();
    const startedAt = performance.now();
    for (const piece of ['a.', 'a://', 'a://b:', 'bearer ', 'token', 'Key (', 'Key ()=(\n', "Duplicate entry '", 'Failing row contains ('])
      logger.info(piece.repeat(50_000));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
