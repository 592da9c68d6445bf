import { portLookup } from '../location.ts';
import { STORE_NAMES } from '../names.ts';
import type { StoreContext } from '../recipe.ts';
import { RECIPES } from './all.ts';
import { slotRange } from './redis-cluster.ts';

const URLS = {
  mysql: 'mysql://root:loom@127.0.0.1:20000',
  mariadb: 'mariadb://root:loom@127.0.0.1:20000',
  postgres: 'postgres://postgres@127.0.0.1:20000/loom',
  neo4j: 'bolt://neo4j:loomloom@127.0.0.1:20000',
  redis: 'redis://127.0.0.1:20000',
  'redis-sentinel': 'redis+sentinel://127.0.0.1:20000,127.0.0.1:20001,127.0.0.1:20002/loom',
  'redis-cluster': 'redis+cluster://127.0.0.1:20000,127.0.0.1:20001,127.0.0.1:20002',
  s3: 'http://loom:loomsecret@127.0.0.1:20000/loom?region=us-east-1',
  kafka: 'kafka://127.0.0.1:20000',
};

describe.each(STORE_NAMES)('the recipe of %s', (name) => {
  const recipe = RECIPES[name];
  const ports = Object.fromEntries(recipe.portNames.map((portName, index) => [portName, 20_000 + index]));
  const context: StoreContext = {
    installDir: '/cache/it',
    dir: '/stores/it',
    dataDir: '/stores/it/data',
    logDir: '/stores/it/log',
    user: undefined,
    fsync: true,
    port: portLookup(name, ports),
  };

  it('stands under its own name and has a URL made of its ports', () => {
    expect(recipe.name).toBe(name);
    expect(recipe.url(context.port)).toBe(URLS[name]);
  });

  it('names its ports and processes once', () => {
    const processNames = recipe.processes(context).map((spec) => spec.name);
    expect(new Set(recipe.portNames).size).toBe(recipe.portNames.length);
    expect(new Set(processNames).size).toBe(processNames.length);
  });

  it('keeps data and programs apart', () => {
    for (const { command, cwd } of recipe.processes(context)) {
      expect(cwd.startsWith(context.dataDir)).toBe(true);
      expect(command === 'java' || command.startsWith(context.installDir)).toBe(true);
    }
  });
});

describe('the recipes', () => {
  it('have environment variables of their own', () => {
    expect(new Set(STORE_NAMES.map((name) => RECIPES[name].envKey)).size).toBe(STORE_NAMES.length);
  });

  it.each([
    ['postgres', 'fsync=off'],
    ['mysql', '--innodb-flush-log-at-trx-commit=2'],
    ['mariadb', '--innodb-flush-log-at-trx-commit=2'],
  ] as const)('let %s skip the disk only when asked', (name, argument) => {
    const context = { installDir: '/i', dir: '/d', dataDir: '/d/data', logDir: '/d/log', user: undefined, port: () => 20_000 };
    const args = (fsync: boolean) => RECIPES[name].processes({ ...context, fsync })[0]?.args;
    expect(args(true)).not.toContain(argument);
    expect(args(false)).toContain(argument);
  });
});

describe('slotRange', () => {
  it('shares all slots out, without gap or overlap', () => {
    expect([0, 1, 2].map((index) => slotRange(index, 3))).toEqual([
      { first: 0, last: 5_460 },
      { first: 5_461, last: 10_921 },
      { first: 10_922, last: 16_383 },
    ]);
  });
});
