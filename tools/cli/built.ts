import { CommandFailure } from './failure.ts';

/** Imports what needs the built workspaces. @throws CommandFailure with the command that builds them */
export async function importBuilt<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' && /[/\\](dist[/\\]|@loomgraph[/\\])|@loomgraph\//.test(message)) {
      throw new CommandFailure('Loomgraph is not built: npm run build', { cause: error });
    }
    throw error;
  }
}
