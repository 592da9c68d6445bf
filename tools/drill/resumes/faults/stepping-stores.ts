import { AsyncLocalStorage } from 'node:async_hooks';
import type { StoreSet } from '@loomgraph/stores';
import type { Bus } from '@loomgraph/stores/bus';
import type { Objects } from '@loomgraph/stores/objects';
import type { RelationalStore } from '@loomgraph/stores/relational';

type EntityManager = ReturnType<RelationalStore['read']>;

export interface Stepping {
  /** Told of each step as it is reached, `complete kept` say. */
  readonly reached: (step: string) => void;
  /** Told of each suggestion whose outcome was committed. */
  readonly answered: (suggestionId: string) => void;
}

/** What a user does, around everything that is done for it; tasks and consumers have names of their own. */
export const activity = new AsyncLocalStorage<string>();

/** Long enough to be amid a thread that takes a file apart. */
const READING_MS = 40;

/** The same stores, which say what is about to happen in them. */
export function steppingStores(stores: StoreSet, stepping: Stepping): StoreSet {
  return {
    ...stores,
    relational: async (options) => steppingRelational(await stores.relational(options), stepping),
    objects: async () => steppingObjects(await stores.objects(), stepping),
    bus: async () => steppingBus(await stores.bus()),
  };
}

function steppingRelational(store: RelationalStore, { reached, answered }: Stepping): RelationalStore {
  return {
    dialect: store.dialect,
    orm: store.orm,
    exclusive: store.exclusive,
    table: (name) => store.table(name),
    read: () => store.read(),
    async transaction(work) {
      let name: string | undefined;
      let outcomes: readonly string[] = [];
      const result = await store.transaction(async (em) => {
        const worked = await work(em);
        name = activity.getStore() ?? taskOf(em);
        outcomes = activity.getStore() === undefined ? answeredIn(em) : [];
        if (name !== undefined) reached(`${name} written`);
        return worked;
      });
      for (const id of outcomes) answered(id);
      if (name !== undefined) reached(`${name} committed`);
      if (isClaim(result)) reached('task claimed');
      return result;
    },
    migrate: () => store.migrate(),
    health: () => store.health(),
    close: () => store.close(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** A task is not told by its transaction; what it loaded to write tells. */
function taskOf(em: EntityManager): string | undefined {
  const names = new Set([...em.getUnitOfWork().getIdentityMap().values()].map((entity) => entity.constructor.name));
  if (names.has('UnderstandingEntity')) return 'understand';
  return names.has('SuggestionEntity') ? 'suggest' : undefined;
}

function answeredIn(em: EntityManager): readonly string[] {
  return [...em.getUnitOfWork().getIdentityMap().values()].flatMap((entity) => {
    const { id, state } = entity as { id?: string; state?: string };
    return entity.constructor.name === 'SuggestionEntity' && id !== undefined && state !== 'queued' ? [id] : [];
  });
}

const isClaim = (result: unknown): boolean => typeof result === 'object' && result !== null && 'task_key' in result;

function steppingObjects(objects: Objects, { reached }: Stepping): Objects {
  const isCompleting = (): boolean => activity.getStore() === 'complete';
  return {
    async put(key, body, options) {
      if (isCompleting()) reached('complete keeping');
      const info = await objects.put(key, body, options);
      if (isCompleting()) reached('complete kept');
      return info;
    },
    async get(key) {
      const found = await objects.get(key);
      if (isCompleting()) reached('complete read');
      else if (activity.getStore() === undefined) {
        reached('understand read');
        setTimeout(() => reached('understand reading'), READING_MS);
      }
      return found;
    },
    head: (key) => objects.head(key),
    async delete(key) {
      reached('remove deleting');
      await objects.delete(key);
      reached('remove deleted');
    },
    async list(prefix, options) {
      const page = await objects.list(prefix, options);
      // A sweep goes through everything, a removal through what is below one resume or user.
      reached(/(^|\/)(resumes|resume-uploads)\/$/.test(prefix) ? 'sweep listed' : 'remove listed');
      return page;
    },
    presignGet: (key, options) => objects.presignGet(key, options),
    presignPut: (key, options) => objects.presignPut(key, options),
    health: () => objects.health(),
    close: () => objects.close(),
    [Symbol.asyncDispose]: () => objects[Symbol.asyncDispose](),
  };
}

function steppingBus(bus: Bus): Bus {
  return {
    publish: (topic, messages) => bus.publish(topic, messages),
    subscribe: (options) => bus.subscribe({ ...options, handler: (message) => activity.run('erase', () => options.handler(message)) }),
    lag: (topic, group) => bus.lag(topic, group),
    hasPassed: (...parameters) => bus.hasPassed(...parameters),
    heldSince: (...parameters) => bus.heldSince(...parameters),
    takeLost: (...parameters) => bus.takeLost(...parameters),
    dropGroup: (...parameters) => bus.dropGroup(...parameters),
    health: () => bus.health(),
    close: () => bus.close(),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  };
}
