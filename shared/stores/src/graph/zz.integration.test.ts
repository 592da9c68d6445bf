import neo4j from 'neo4j-driver';
import { openNeo4jGraph } from './index.js';
it('stress', async () => {
  const labelPrefix = `Z${Date.now()}_`;
  const url = process.env['NEO4J_URL']!;
  const graphs = await Promise.all([1, 2, 3].map(() => openNeo4jGraph({ url, labels: ['Template', 'User'], labelPrefix })));
  const t0 = performance.now(); let errors: Record<string, number> = {}; let wrong = 0;
  for (let round = 0; round < 60; round++) {
    const T = (i: number) => `t${round}-${i}`;
    const jobs: Promise<unknown>[] = [];
    for (let w = 0; w < 12; w++) {
      const g = graphs[w % 3]!;
      const perm = [0, 1, 2, 3, 4, 5].sort(() => Math.random() - 0.5);
      if (w % 2) jobs.push(g.apply(perm.map((i) => ({ label: 'Template', id: T(i), revision: w, fingerprint: 'x' + w, properties: { w }, ownedEdges: ['SIM'], edges: perm.slice(0, 3).map((j) => ({ type: 'SIM', to: { label: 'Template', id: T(j) }, weight: w, properties: {} })) }))));
      else jobs.push(g.apply([{ label: 'User', id: `u${round}-${w}`, revision: 1, fingerprint: 'x', properties: {}, ownedEdges: ['USED'], edges: perm.map((i) => ({ type: 'USED', to: { label: 'Template', id: T(i) }, weight: 1, properties: {} })) }]));
    }
    for (const r of await Promise.allSettled(jobs)) if (r.status === 'rejected') { const m = String(r.reason.message).slice(0, 80); errors[m] = (errors[m] ?? 0) + 1; }
    for (let i = 0; i < 6; i++) {
      const n = await graphs[0]!.node('Template', T(i)); if (n?.properties['w'] !== 11) wrong++;
      const ns = await graphs[0]!.neighbours({ from: { label: 'Template', id: T(i) }, edge: 'USED', direction: 'in', limit: 99 }); if (ns.length !== 6) wrong++;
      const ss = await graphs[0]!.neighbours({ from: { label: 'Template', id: T(i) }, edge: 'SIM', direction: 'out', limit: 99 }); if (ss.length !== 3 || ss.some((s) => s.weight !== 11)) wrong++;
    }
  }
  const driver = neo4j.driver('bolt://127.0.0.1:37687', neo4j.auth.basic('neo4j', 'loomloom'), { disableLosslessIntegers: true });
  const c = (await driver.executeQuery(`MATCH (n:\`${labelPrefix}_Absent\`) RETURN count(n) AS c`)).records[0]!.get('c');
  console.warn('STRESS', { ms: performance.now() - t0, errors, wrong, absent: c });
  await driver.executeQuery('MATCH (n) WHERE any(label IN labels(n) WHERE label STARTS WITH $labelPrefix) DETACH DELETE n', { labelPrefix });
  await driver.close(); await Promise.all(graphs.map((g) => g.close()));
}, 300_000);
