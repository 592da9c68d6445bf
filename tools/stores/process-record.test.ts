import { parseStat } from './process-record.ts';

const stat = (command: string, { state = 'S', threads = 1 } = {}) =>
  `42 (${command}) ${state} 1 42 42 0 -1 4194560 7 0 0 0 1 2 0 0 20 0 ${threads} 0 987654 1000 200`;

describe('parseStat', () => {
  it('reads the start time after a command that holds spaces and parentheses', () => {
    expect(parseStat(stat('a) R 1 (b'))).toEqual({ hasEnded: false, startTicks: 987_654 });
  });

  it('takes a zombie for ended', () => {
    expect(parseStat(stat('mysqld', { state: 'Z' })).hasEnded).toBe(true);
  });

  // Without this a killed server was restarted while its last threads still held the port.
  it('does not take a zombie whose threads still run for ended', () => {
    expect(parseStat(stat('mysqld', { state: 'Z', threads: 30 })).hasEnded).toBe(false);
  });
});
