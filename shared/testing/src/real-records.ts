import { basename } from 'node:path';
import { realStore } from './real-store.js';

export interface RealRecord {
  readonly name: 'MySQL' | 'MariaDB';
  readonly url: string;
}

/** Whether a run is one of many, for which `LOOM_TEST_MATRIX=short` asks, and leaves out what others of its kind show. */
export const isShortMatrix = (): boolean => process.env['LOOM_TEST_MATRIX'] === 'short';

/**
 * The servers that can hold a record, as far as they are configured. In a short matrix a suite that names its file gets one of them, always the
 * same one; suites whose statements differ from server to server name none.
 */
export function realRecords(suite?: string): readonly RealRecord[] {
  const records = (['MySQL', 'MariaDB'] as const).flatMap((name): RealRecord[] => {
    const url = realStore(name === 'MySQL' ? 'MYSQL_URL' : 'MARIADB_URL');
    return url === undefined ? [] : [{ name, url }];
  });
  if (suite === undefined || !isShortMatrix()) return records;
  const sum = [...basename(suite)].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return records.slice(sum % records.length).slice(0, 1);
}
