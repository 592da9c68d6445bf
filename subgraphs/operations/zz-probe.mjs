import { createStoreSet } from '@loomgraph/stores';
import { openEngines } from '@loomgraph/sync';
const set=createStoreSet({urls:{relational:process.env.MYSQL_URL},dataDir:'memory://',namespace:'s8probe'});
const timers=()=>process.getActiveResourcesInfo().filter(x=>x==='Timeout').length;
const s=await openEngines(set,['templates'])('templates');
await Promise.all([1,2,3,4].map(()=>s.read().execute('select 1'))); console.log('read4',timers());
await set.close(); console.log('closed',timers());
setTimeout(()=>process.exit(),500);
