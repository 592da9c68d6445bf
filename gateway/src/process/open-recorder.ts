import { resolve } from 'node:path';
import { LoomError } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import { OperationRecorder } from './operation-recorder.js';

/** The recorder of `RECORD_OPERATIONS`; undefined where it is not set. @throws LoomError (CONFIG_INVALID) for a file that cannot be written */
export async function openRecorder(path: string | undefined, logger: Logger): Promise<OperationRecorder | undefined> {
  if (path === undefined) return undefined;
  try {
    return await OperationRecorder.open({ path: resolve(path), logger });
  } catch (error) {
    throw new LoomError('CONFIG_INVALID', `RECORD_OPERATIONS: ${path} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}
