import type { RunContext } from '../../report/command.ts';
import type { PlantedLeak } from './messages.ts';
import { judge } from './run.ts';
import { watchGrowth } from './watch-growth.ts';

const SIZE = { seed: 1, warmUpRounds: 1, rounds: 5, requestsPerRound: 300 };

/** Starts a gateway and reloads it several times; a busy machine takes its time. */
const TIMEOUT_MS = 120_000;

const failuresWith = async (plantedLeak: PlantedLeak): Promise<readonly string[]> => {
  await using resources = new AsyncDisposableStack();
  const context: RunContext = { resources, say: () => undefined };
  return judge(await watchGrowth({ ...SIZE, plantedLeak }, context), SIZE.seed).failures;
};

/** A gate that cannot fail shows nothing: the same small run with leaks put in, and without. */
describe('the leak gate', () => {
  it(
    'lets the gateway pass',
    async () => {
      expect(await failuresWith('none')).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'fails where every request is kept',
    async () => {
      expect(await failuresWith('requests')).toContainEqual(expect.stringMatching(/^heap after garbage collection, MB: grew by/));
    },
    TIMEOUT_MS,
  );

  it(
    'fails where every reload leaves a process',
    async () => {
      const failures = await failuresWith('processes');
      expect(failures).toContainEqual(expect.stringMatching(/^open handles: grew by/));
      expect(failures).toContainEqual(expect.stringMatching(/^child processes: grew by/));
    },
    TIMEOUT_MS,
  );
});
