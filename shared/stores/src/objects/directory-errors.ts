import { LoomError, StoreError } from '@loomgraph/core';

/** Classifies an error of the file system; others pass through. */
export function toDirectoryStoreError(error: unknown): unknown {
  if (error instanceof LoomError) return error;
  const { code, syscall, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (!syscall) return error;
  // A full, read-only or failing disk: nothing the call could have done otherwise.
  return new StoreError(code === 'EEXIST' ? 'conflict' : 'unavailable', 'objects', `Directory: ${message}`, { cause: error });
}
