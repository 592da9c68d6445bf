/** The command `npm run eval`. */
import { runCommand } from '../report/command.ts';
import { evaluations } from './registry.ts';

process.exitCode = await runCommand({ command: 'eval', entries: evaluations, stores: ['embedded', 'real'], args: process.argv.slice(2) });
