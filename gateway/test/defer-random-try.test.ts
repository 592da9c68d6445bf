import { Kind, parse, print, visit, type SelectionNode } from 'graphql';
import { generateOperation } from '../../tools/drill/oracle/generate/generate-operation.ts';
import { createMonolith } from '../../tools/drill/oracle/runs/monolith.ts';
import { exclusiveMutations, leafValue } from '../../tools/drill/oracle/supergraph/leaf-values.ts';
import { createSubgraphs } from '../../tools/drill/oracle/supergraph/subgraphs.ts';
import { createWorlds } from '../../tools/drill/oracle/supergraph/world.ts';
import { createRandom } from '../../tools/harness/random.ts';
import { startEngine } from './support/engine-run.js';
import { mergeParts, type Payload } from './support/merge-parts.js';

const COUNT = Number(process.env['COUNT'] ?? 200);
const START = Number(process.env['START'] ?? 0);
test('random', async () => {
  const monolith = createMonolith();
  const worlds = createWorlds();
  await using run = await startEngine(createSubgraphs(worlds));
  let bad = 0, inc = 0, failed = 0, exec = 0; const kinds: Record<string, number> = {};
  for (let index = START; index < START + COUNT; index++) {
    const op = generateOperation({ schema: monolith.schema, seed: 7, index, leafValue, exclusiveMutations });
    const random = createRandom(`defer/${index}`);
    const defer = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'defer' } } as const;
    const doc = visit(parse(op.query, { noLocation: true }), {
      InlineFragment: (node) => (random.next() < 0.4 ? { ...node, directives: [...(node.directives ?? []), defer] } : undefined),
      FragmentSpread: (node) => (random.next() < 0.4 ? { ...node, directives: [...(node.directives ?? []), defer] } : undefined),
      SelectionSet: { leave: (node, _k, parent) => {
        if (random.next() > 0.35) return undefined;
        const kept: SelectionNode[] = [], moved: SelectionNode[] = [];
        for (const one of node.selections) { const r = random.next(); if (r < 0.5) kept.push(one); if (r > 0.4) moved.push(one); }
        if (moved.length === 0) return undefined;
        return { ...node, selections: [...kept, { kind: Kind.INLINE_FRAGMENT, directives: [defer], selectionSet: { kind: Kind.SELECTION_SET, selections: moved } }] };
      } },
    });
    const query = print(doc);
    let n = 0;
    const ask = async (acceptsIncremental: boolean) => run.engine.execute({ query, variables: op.variables, operationName: op.operationName, extensions: undefined, readOnly: false, acceptsIncremental, caller: { identity: null, requestId: `r${index}-${acceptsIncremental}` } });
    const whole = await ask(false);
    const answer = await ask(true);
    if (whole.kind !== 'executed') { kinds['whole ' + whole.kind] = (kinds['whole ' + whole.kind] ?? 0) + 1; if (whole.kind === 'refused') console.log(index, JSON.stringify(whole.errors).slice(0, 300)); continue; }
    let merged, problem: string | undefined, payloads: Payload[] = [];
    if (answer.kind === 'incremental') {
      inc++;
      for await (const part of answer.parts) payloads.push(JSON.parse(part));
      try { merged = mergeParts(payloads); } catch (e) { problem = String(e); }
    } else if (answer.kind === 'executed') { exec++; const b = JSON.parse(answer.body); merged = { data: b.data, errors: b.errors ?? [], failedPaths: [] }; if (query.includes('@defer')) n++; }
    else problem = JSON.stringify(answer.errors);
    const expected = JSON.parse(whole.body);
    const truth = await monolith.expect({ ...op, query });
    try { expect(expected.data).toEqual(JSON.parse(JSON.stringify(truth.answer.data))); } catch { kinds['whole wrong'] = (kinds['whole wrong'] ?? 0) + 1; if (merged) { try { expect(merged.data).toEqual(JSON.parse(JSON.stringify(truth.answer.data))); kinds['parts right'] = (kinds['parts right'] ?? 0) + 1; continue; } catch {} } }
    if (merged) {
      if (merged.failedPaths.length > 0) failed++;
      else {
        try { expect(merged.data).toEqual(expected.data); } catch (e) { problem = String((e as Error).message).slice(0, 1500); }
        if (!problem) {
          const key = (es: any[] = []) => [...new Set(es.map((e) => JSON.stringify([e.path, e.message])))].sort();
          try { expect(key(merged.errors as never)).toEqual(key(expected.errors)); } catch (e) { problem = 'ERRORS ' + String((e as Error).message).slice(0, 1500); }
        }
      }
    }
    if (problem) { bad++; if (bad < 6) process.stdout.write(`#### ${index} ${answer.kind}\n${query}\n${JSON.stringify(op.variables)}\n${problem}\n${payloads.map((x) => JSON.stringify(x)).join('\n').slice(0, 3000)}\n`); }
    worlds.forget(`r${index}-true`); worlds.forget(`r${index}-false`);
  }
  process.stdout.write(JSON.stringify({ bad, inc, failed, exec, kinds }) + '\n');
}, 600000);
