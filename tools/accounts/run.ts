import type { Environment } from '@loomgraph/config';
import { openClient } from '../cli/client.ts';
import type { AccountsCommand } from './args.ts';

/** Makes another key sign. @returns what to print @throws CommandFailure */
export async function rotateKeys(command: AccountsCommand, env: Environment): Promise<string> {
  const client = await openClient(env, command);
  const { rotateSigningKeys } = await client.run<{ rotateSigningKeys: { keyId: string } }>('mutation { rotateSigningKeys { keyId } }');
  if (command.json) return JSON.stringify(rotateSigningKeys);
  return `Key ${rotateSigningKeys.keyId} signs access tokens now. The one before verifies until the last token it signed has expired.`;
}
