/** The process that makes the load: gets it by message, answers its result, and is ended by who started it. */
import autocannon, { type Options, type Request } from 'autocannon';
import { machineCpuSeconds } from '../../../tools/harness/process-usage.ts';
import { percentile } from '../../../tools/report/percentile.ts';
import { isGoodAnswer } from '../../load/load.ts';
import { createWorkload } from '../workloads/workloads.ts';
import type { GatewayLoad, GatewayLoadResult } from './load.ts';
import { treeCpuSeconds, treeRssMb } from './process-tree.ts';

/** Of one request: a slow gateway that shares its core with others is slow, not broken. */
const TIMEOUT_SECONDS = 60;

process.once('message', (load: GatewayLoad) => {
  run(load).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit(0));

function run({ url, pid, workload, seed, from, connections, warmupSeconds, seconds }: GatewayLoad): Promise<GatewayLoadResult> {
  const { operation } = createWorkload(workload, seed);
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  let latenciesMs: number[] = [];
  let wrong = 0;
  let example: string | undefined;
  let next = from;
  const fail = (what: string): void => {
    wrong++;
    example ??= what;
  };
  const onResponse = (status: number, body: string): void => {
    if (!isGoodAnswer(status, body)) fail(`${status} ${body.slice(0, 500)}`);
  };
  const setupRequest = (request: Request): Request => ({ ...request, headers, body: JSON.stringify(operation(next++)) });
  // One operation only: the request is built once, not each time.
  const isConstant = operation(0) === operation(1);
  const request: Request = isConstant ? { headers, body: JSON.stringify(operation(0)), onResponse } : { setupRequest, onResponse };

  return new Promise((resolve, reject) => {
    const duration = warmupSeconds + seconds + TIMEOUT_SECONDS; // it is stopped before
    const options: Options = { url, connections, duration, timeout: TIMEOUT_SECONDS, method: 'POST', requests: [request] };
    const instance = autocannon(options, (error) => {
      if (error) reject(new Error('autocannon failed.', { cause: error }));
    });
    instance.on('response', (_client, _status, _bytes, responseMs) => void latenciesMs.push(responseMs));
    instance.on('reqError', (error: Error) => fail(`no answer: ${error.message}`));
    setTimeout(() => {
      latenciesMs = [];
      const begin = { at: performance.now(), cpu: treeCpuSeconds(pid), others: otherCpuSeconds() };
      setTimeout(() => {
        const elapsed = (performance.now() - begin.at) / 1_000;
        const cpu = treeCpuSeconds(pid) - begin.cpu;
        const measured = latenciesMs;
        const answers = measured.length;
        instance.stop?.();
        resolve({
          answers,
          sent: next - from,
          perSecond: answers / elapsed,
          p99Ms: percentile(measured, 0.99),
          cpuMsPerRequest: (cpu * 1_000) / answers,
          rssMb: treeRssMb(pid),
          otherCores: (otherCpuSeconds() - begin.others) / elapsed,
          wrong,
          ...(example === undefined ? {} : { example }),
        });
      }, seconds * 1_000);
    }, warmupSeconds * 1_000);
  });
}

/** What the machine has spent on anything but this bench: its main process has started all else. */
const otherCpuSeconds = (): number => machineCpuSeconds() - treeCpuSeconds(process.ppid);
