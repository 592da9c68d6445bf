import type { Driver } from 'neo4j-driver';

/** Deletes everything of the labels with this prefix, for tests: nodes, edges, constraints and indexes. */
export async function deleteNeo4jGraph(driver: Driver, labelPrefix: string): Promise<void> {
  await driver.executeQuery('MATCH (n) WHERE any(label IN labels(n) WHERE label STARTS WITH $labelPrefix) DETACH DELETE n', {
    labelPrefix,
  });
  for (const [kind, kinds] of [
    ['CONSTRAINT', 'CONSTRAINTS'],
    ['INDEX', 'INDEXES'],
  ]) {
    const { records } = await driver.executeQuery(
      `SHOW ${kinds} YIELD name, labelsOrTypes WHERE any(label IN labelsOrTypes WHERE label STARTS WITH $labelPrefix) RETURN name`,
      { labelPrefix },
    );
    for (const record of records) await driver.executeQuery(`DROP ${kind} \`${String(record.get('name'))}\``);
  }
}
