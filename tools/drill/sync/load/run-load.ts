import { setTimeout as sleep } from 'node:timers/promises';
import type { TemplatesSubgraph } from '@loomgraph/subgraph-templates';
import type { Random } from '../../../harness/random.ts';
import { POISON } from '../faults/chaotic-embedder.ts';

const WRITERS = 4;
const CATEGORIES = 5;
const LIVE_TEMPLATES = 250;
/** Between two writes of one writer. */
const PAUSE_MS = { from: 5, to: 60 };
const AFTER_FAILURE_MS = 300;

export interface Load {
  readonly subgraph: TemplatesSubgraph;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Told after each write that came back, with how many there were. */
  readonly onWritten: (records: number) => void;
}

const actor = { userId: 'drill', isAdmin: true };

/**
 * Writes until it is told to stop: makes, changes, deletes, uses and rates templates, renames categories that many templates depend on. A write that
 * fails is given up: what became of it the record knows.
 */
export async function runLoad({ subgraph, random, signal, onWritten }: Load): Promise<void> {
  const ids = [...(await knownTemplates(subgraph))];
  let written = 0;
  const attempt = async (write: () => Promise<unknown>): Promise<void> => {
    try {
      await write();
      onWritten(++written);
    } catch {
      await sleep(AFTER_FAILURE_MS);
    }
  };
  const categories = await makeCategories(subgraph, signal);
  const writer = async (own: Random): Promise<void> => {
    while (!signal.aborted) {
      await attempt(() => writeOnce(subgraph, own, { ids, categories }));
      await sleep(own.integer(PAUSE_MS.from, PAUSE_MS.to));
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(random.fork(`writer ${number}`))));
}

async function writeOnce(
  { templates, categories, useTemplate, rateTemplate }: TemplatesSubgraph,
  random: Random,
  known: { ids: string[]; categories: readonly string[] },
): Promise<unknown> {
  const roll = random.next();
  const { ids } = known;
  if (ids.length < 20 || (roll < 0.22 && ids.length < LIVE_TEMPLATES)) {
    const created = await templates.create({ ...fieldsOf(random), categoryId: random.pick(known.categories) }, actor);
    ids.push(created.id);
    return created;
  }
  const id = random.pick(ids);
  if (roll < 0.45) return templates.update(id, fieldsOf(random), actor);
  if (roll < 0.7) return useTemplate({ templateId: id, userId: `user-${random.integer(1, 30)}` });
  if (roll < 0.86)
    return rateTemplate.rate({ templateId: id, userId: `user-${random.integer(1, 30)}`, rating: random.integer(0, 50) / 10 });
  if (roll < 0.9) return categories.update(random.pick(known.categories), { name: `Category ${random.integer(1, 1e9)}` });
  ids.splice(ids.indexOf(id), 1);
  return templates.remove(id, actor);
}

function fieldsOf(random: Random): { name: string; content: string; tags: string[] } {
  const word = (): string => random.pick(WORDS);
  const poison = random.integer(1, 30) === 1 ? ` ${POISON}` : '';
  return {
    name: `${word()} ${word()} ${random.integer(1, 1e9).toString(36)}`,
    content: `${Array.from({ length: 12 }, word).join(' ')}${poison}`,
    tags: [word()],
  };
}

const WORDS = [
  'resume',
  'manager',
  'engineer',
  'nurse',
  'sales',
  'retail',
  'cloud',
  'design',
  'teacher',
  'finance',
  '简历',
  '工程师',
  '销售',
  '设计',
];

async function makeCategories({ categories, reader }: TemplatesSubgraph, signal: AbortSignal): Promise<string[]> {
  while (!signal.aborted) {
    try {
      const known = await reader.categories();
      for (let number = known.length; number < CATEGORIES; number++)
        await categories.create({ slug: `drill-${number}`, name: `Drill ${number}` });
      return (await reader.categories()).map(({ id }) => id);
    } catch {
      await sleep(AFTER_FAILURE_MS);
    }
  }
  return [];
}

/** What an earlier worker on the same data left. */
async function knownTemplates({ reader }: TemplatesSubgraph): Promise<readonly string[]> {
  const page = await reader.listTemplates(
    {},
    { field: 'name', direction: 'asc' },
    { limit: LIVE_TEMPLATES, direction: 'forward', from: null },
  );
  return page.items.map(({ id }) => id);
}
