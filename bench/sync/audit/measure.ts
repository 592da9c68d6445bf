import { Pool } from 'pg';
import { rssMb } from '../../../tools/harness/process-usage.ts';
import { createRandom } from '../../../tools/harness/random.ts';
import type { ProjectionCheck } from '@loomgraph/sync';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchCpuSplit } from '../measures/cpu-split.ts';
import type { Part, Run } from '../measures/part.ts';
import type { AuditApi } from '../processes/audit-member.ts';
import { startMember } from '../processes/start.ts';
import { openDatabase, openStores } from '../workload/open-database.ts';
import { openProjection } from '../workload/projections.ts';
import { collectionTable, fill } from './fill.ts';
import { CLASSES, plant, PLANTED_PER_CLASS, type Planted } from './plant.ts';

const SAMPLE_MS = 50;
const IDLE_MS = 1_000;
/**
 * As a small container has it. Without a limit V8 lets garbage lie up to some 250 MB before it collects any, whatever the program needs; with one,
 * a program that needs more ends.
 */
const HEAP_MB = 256;
const name = 'audited';

/** Compares a whole projection with its source, in which a few documents were damaged: how fast, and with how much memory. */
export async function measureAudit({ settings, size, seed, say }: Run): Promise<Part> {
  const records = size.audited;
  await using stores = openStores(settings);
  const store = await openDatabase(stores, { name });
  const projection = await openProjection(stores, 'vectors', { settings, name, vectorIndex: 'none' });
  {
    await using first = startMember<AuditApi>(new URL('../processes/audit-member.ts', import.meta.url));
    await first.ask('open', { settings, name, state: 'new' });
  }
  const pool = new Pool({ connectionString: settings.stores['POSTGRES_URL'], max: 1 });
  await using _ = { [Symbol.asyncDispose]: () => pool.end() };
  const filledAt = performance.now();
  await fill({ settings, name, store, projection, pool, records, seed, say });
  const fillSeconds = (performance.now() - filledAt) / 1_000;
  const planted = await plant(store, pool, { table: collectionTable(settings, name), records, random: createRandom(seed).fork('plant') });

  await using member = startMember<AuditApi>(new URL('../processes/audit-member.ts', import.meta.url), [`--max-old-space-size=${HEAP_MB}`]);
  await member.ask('open', { settings, name, state: 'filled' });
  await sleep(IDLE_MS);
  const idleMb = rssMb(member.pid);
  const peak = watchPeak(member.pid);
  const cpu = watchCpuSplit({ audit: member.pid });
  const { seconds, result } = await member.ask('check', undefined);
  const split = cpu();
  const peakMb = peak() - idleMb;
  const check = result.projections[0];
  const perSecond = (check?.checked ?? 0) / seconds;
  say(
    `audit: ${records.toLocaleString('en')} records in ${seconds.toFixed(1)} s, ${Math.round(perSecond)}/s, ${peakMb.toFixed(0)} MB above ${idleMb.toFixed(0)} (${split})`,
  );
  const found = CLASSES.reduce((sum, one) => sum + (check?.[one] ?? 0), 0);
  return {
    figures: [
      {
        name: 'audit.recordsPerS',
        value: perSecond,
        meaning: `records/s compared with their documents in PostgreSQL, contents verified, both directions, ${records.toLocaleString('en')} in all`,
      },
      ...(Number.isNaN(peakMb)
        ? []
        : [
            {
              name: 'audit.peakMb',
              value: peakMb,
              meaning: `highest resident memory during that, above the same process idle; its heap may hold ${HEAP_MB} MB`,
            },
          ]),
      {
        name: 'audit.planted',
        value: CLASSES.length * PLANTED_PER_CLASS,
        meaning: `documents that were damaged before: ${CLASSES.join(', ')}`,
      },
      { name: 'audit.found', value: found, meaning: 'documents that the audit said to differ' },
    ],
    notes: [
      `audit: ${split}; idle ${idleMb.toFixed(0)} MB; records and documents were made in ${fillSeconds.toFixed(0)} s, without the indexes of searches, which an audit does not read`,
    ],
    failures: wrongFindings(check, planted, records),
  };
}

/** Exactly what was planted must be found, each in its class. */
function wrongFindings(check: ProjectionCheck | undefined, planted: Planted, records: number): readonly string[] {
  if (!check) return ['audit: the check has no result'];
  const living = records - planted.orphan.length;
  return [
    ...(check.checked === living ? [] : [`audit: ${check.checked} of ${living} records were compared`]),
    ...(check.pending === 0 ? [] : [`audit: ${check.pending} records were let go as changing, and nothing changes`]),
    ...CLASSES.flatMap((one) => {
      const strangers = check.examples[one].filter((id) => !planted[one].includes(id));
      return [
        ...(check[one] === PLANTED_PER_CLASS ? [] : [`audit: ${check[one]} of ${PLANTED_PER_CLASS} ${one} documents were found`]),
        ...(strangers.length === 0 ? [] : [`audit: ${strangers.join(', ')} were called ${one} and are not`]),
      ];
    }),
  ];
}

function watchPeak(pid: number): () => number {
  let most = rssMb(pid);
  const timer = setInterval(() => void (most = Math.max(most, rssMb(pid))), SAMPLE_MS);
  return () => {
    clearInterval(timer);
    return Math.max(most, rssMb(pid));
  };
}
