import type { Environment } from '@loomgraph/config';
import { assertNever } from '@loomgraph/core';
import { openClient, type Client } from '../cli/client.ts';
import type { CommonOptions, LetterOptions, SyncCommand } from './args.ts';
import { discardLetters, listLetters, retryLetters, retryMatching, showLetter } from './commands/dead-letters.ts';
import { cancelJob, listJobs, runJob } from './commands/jobs.ts';
import { showStatus } from './commands/status.ts';
import type { Outcome } from './outcome.ts';
import type { Progress } from './progress.ts';

/** Runs a command against the gateway that is named, or that HOST and PORT name. @throws CommandFailure */
export async function runSync(command: SyncCommand, common: CommonOptions, env: Environment, progress: Progress): Promise<Outcome> {
  return dispatch(await openClient(env, common), command, progress);
}

function dispatch(client: Client, command: SyncCommand, progress: Progress): Promise<Outcome> {
  switch (command.kind) {
    case 'status':
      return showStatus(client, command);
    case 'check':
    case 'repair': {
      const { subgraph, projection, id, depth, wait } = command;
      const input = { subgraph, projection, depth, ...(id.length > 0 ? { ids: id } : {}) };
      return runJob(
        client,
        { name: command.kind === 'check' ? 'syncCheck' : 'syncRepair', inputType: 'SyncCheckInput', input, wait },
        progress,
      );
    }
    case 'rebuild': {
      const { subgraph, projection, id, changedOnly, wait } = command;
      const input = { subgraph, projection, changedOnly, ...(id.length > 0 ? { ids: id } : {}) };
      return runJob(client, { name: 'syncRebuild', inputType: 'SyncRebuildInput', input, wait }, progress);
    }
    case 'replay': {
      const { subgraph, consumer, since, wait } = command;
      return runJob(client, { name: 'syncReplay', inputType: 'SyncReplayInput', input: { subgraph, consumer, since }, wait }, progress);
    }
    case 'jobs':
      return listJobs(client, command);
    case 'cancel':
      return cancelJob(client, command);
    case 'letters':
      return listLetters(client, command.first, filterOf(command));
    case 'letter':
      return showLetter(client, command);
    case 'retry':
      return command.all ? retryMatching(client, filterOf(command)) : retryLetters(client, command);
    case 'discard':
      return discardLetters(client, command);
    default:
      return assertNever(command);
  }
}

const filterOf = ({ subgraph, source, type, code }: LetterOptions): LetterOptions => ({ subgraph, source, type, code });
