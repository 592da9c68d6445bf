import { LoomError } from '@loomgraph/core';

/** What Kafka allows, less room for a prefix. */
const NAME = /^[A-Za-z0-9._-]{1,200}$/;

/** @throws LoomError BAD_USER_INPUT */
export function checkName(kind: 'topic' | 'group', name: string): void {
  if (!NAME.test(name))
    throw new LoomError('BAD_USER_INPUT', `A ${kind} is named with A-Z, a-z, 0-9, ".", "_" and "-": ${JSON.stringify(name)}.`);
}
