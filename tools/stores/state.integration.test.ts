import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StoreRecord, readState, updateRecord } from './state.ts';

const record: StoreRecord = { dir: '/d', url: 'redis://127.0.0.1:20000', ports: { main: 20_000 }, processes: {}, fsync: true };
let stateDir: string;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'stores-state-'));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

describe('state.json', () => {
  it('is absent before the first start', () => {
    expect(readState(stateDir)).toBeUndefined();
  });

  it('loses no update to a concurrent one', async () => {
    const location = { stateDir, dataRoot: '/data' };
    const names = ['mysql', 'mariadb', 'postgres', 'neo4j', 'redis', 's3', 'kafka'] as const;
    await Promise.all(names.map((name) => updateRecord(location, name, () => record)));
    expect(Object.keys(readState(stateDir)?.stores ?? {}).toSorted()).toEqual(names.toSorted());
  });

  it('forgets a store whose record is removed, and keeps the data root', async () => {
    const location = { stateDir, dataRoot: '/data' };
    await updateRecord(location, 'redis', () => record);
    await updateRecord(location, 'redis', (current) => (current?.url === record.url ? undefined : current));
    expect(readState(stateDir)).toEqual({ version: 1, dataRoot: '/data', stores: {} });
  });

  it('refuses a version it does not know', () => {
    writeFileSync(join(stateDir, 'state.json'), '{"version":2}');
    expect(() => readState(stateDir)).toThrow('has version 2; expected 1');
  });
});
