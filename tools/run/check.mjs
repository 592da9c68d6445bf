import { launch } from './launch/launch.mjs';

await launch('check/main.ts');
