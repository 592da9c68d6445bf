/** The command `npm run drill`. */
import { runCommand } from '../report/command.ts';
import { drills } from './registry.ts';

process.exitCode = await runCommand({ command: 'drill', entries: drills, stores: ['embedded', 'real'], args: process.argv.slice(2) });
