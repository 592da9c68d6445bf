import type { RelationalStore } from '@loomgraph/stores/relational';
import { captureTriggers, createUnitOfWork, type UnitOfWork } from '@loomgraph/sync';
import { createRandom, type Random } from '../../../tools/harness/random.ts';
import { percentile } from '../../../tools/report/percentile.ts';
import { openDatabase, openStores } from '../workload/open-database.ts';
import { BenchTemplate, TABLE, TRIGGERED_TABLE, TriggeredTemplate, triggeredRecord } from '../workload/record.ts';
import { generateRows, idOf } from '../workload/rows.ts';
import { writeRows } from '../workload/write-rows.ts';
import type { Part, Run } from './part.ts';

const RECORDS = 1_000;
const WARM_UP = 100;

/** The same change of a record, captured in three ways. */
const KINDS = ['none', 'unit of work', 'triggers'] as const;
type Kind = (typeof KINDS)[number];

/**
 * What capture costs who writes: the time of a unit of work that loads a record, changes its text and commits. Without capture is the same unit of
 * work on the same tables, with no `ChangeCapture` among the store's subscribers. The kinds take turns, in a new order each round, so that
 * whatever else the machine does hits all alike.
 */
export async function measureWriterCost({ settings, size, seed, say }: Run): Promise<Part> {
  const name = 'writer_cost';
  await using stores = openStores(settings);
  const capturing = await openDatabase(stores, { name });
  const silent = await openDatabase(stores, { name, capture: 'none' });
  await writeRows(silent, generateRows(RECORDS, seed));
  await silent.transaction((em) =>
    em.execute(`insert into ${silent.table(TRIGGERED_TABLE)} select * from ${silent.table(TABLE)}`, [], 'run'),
  );
  await captureTriggers(silent, [triggeredRecord]);

  const writers: Readonly<Record<Kind, Writer>> = {
    none: createWriter(silent, 'none'),
    'unit of work': createWriter(capturing, 'unit of work'),
    triggers: createWriter(silent, 'triggers'),
  };
  const failures = await checkCapture(silent, writers);
  if (failures.length > 0) return { figures: [], notes: [], failures };

  const random = createRandom(seed).fork('writer cost');
  await measure(writers, { rounds: WARM_UP, random });
  const times = await measure(writers, { rounds: size.writes, random });
  const median = (kind: Kind): number => percentile(times[kind], 0.5);
  const p95 = (kind: Kind): number => percentile(times[kind], 0.95);
  const shown = KINDS.map((kind) => `${kind} ${median(kind).toFixed(2)}/${p95(kind).toFixed(2)}`).join(', ');
  say(`writer cost, p50/p95 ms: ${shown}`);
  return {
    figures: [
      {
        name: 'writer.costRatio',
        value: median('unit of work') / median('none'),
        meaning: 'median time of a write captured by the unit of work, as a multiple of one that is not captured',
      },
      {
        name: 'writer.triggerCostRatio',
        value: median('triggers') / median('none'),
        meaning: 'the same for a write that triggers capture',
      },
      { name: 'writer.p50Ms', value: median('unit of work'), meaning: 'median time of a captured write, ms' },
    ],
    notes: [`writer, p50/p95 ms of ${size.writes} writes each, one at a time, no relay: ${shown}`],
    failures: [],
  };
}

interface Writer {
  write(record: number, text: string): Promise<void>;
}

function createWriter(store: RelationalStore, kind: Kind): Writer {
  const unitOfWork: UnitOfWork = createUnitOfWork(store, () => undefined);
  const entity = kind === 'triggers' ? TriggeredTemplate : BenchTemplate;
  return {
    write: (record, text) =>
      unitOfWork.run(async ({ em }) => {
        const template = await em.findOneOrFail(entity, { id: idOf(record) });
        template.description = text;
      }),
  };
}

async function measure(
  writers: Readonly<Record<Kind, Writer>>,
  { rounds, random }: { rounds: number; random: Random },
): Promise<Readonly<Record<Kind, number[]>>> {
  const times: Record<Kind, number[]> = { none: [], 'unit of work': [], triggers: [] };
  for (let round = 0; round < rounds; round++) {
    const order = KINDS.map((kind) => ({ kind, place: random.next() })).sort((one, other) => one.place - other.place);
    for (const { kind } of order) {
      const record = random.integer(0, RECORDS - 1);
      const startedAt = performance.now();
      await writers[kind].write(record, `${kind} ${round} ${random.next()}`);
      times[kind].push(performance.now() - startedAt);
    }
  }
  return times;
}

/** Each kind must write, and capture exactly what its name says. */
async function checkCapture(store: RelationalStore, writers: Readonly<Record<Kind, Writer>>): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [kind, expected] of [
    ['none', 0],
    ['unit of work', 1],
    ['triggers', 1],
  ] as const) {
    const before = await outboxRows(store);
    await writers[kind].write(0, `checked ${kind}`);
    const captured = (await outboxRows(store)) - before;
    const table = kind === 'triggers' ? TRIGGERED_TABLE : TABLE;
    const [row] = await store
      .read()
      .execute<{ description: string }[]>(`select description from ${store.table(table)} where id = ?`, [idOf(0)]);
    if (captured !== expected || row?.description !== `checked ${kind}`)
      problems.push(`writer: a write captured by ${kind} left ${captured} rows in the outbox and "${row?.description}" in the record`);
  }
  return problems;
}

async function outboxRows(store: RelationalStore): Promise<number> {
  const [row] = await store.read().execute<{ n: number | string }[]>(`select count(*) as n from ${store.table('outbox')}`);
  return Number(row?.n);
}
