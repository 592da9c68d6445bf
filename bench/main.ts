/** The command `npm run bench`. */
import { runCommand } from '../tools/report/command.ts';
import { benches } from './registry.ts';

process.exitCode = await runCommand({
  command: 'bench',
  entries: benches,
  stores: ['both', 'embedded', 'real'],
  args: process.argv.slice(2),
});
