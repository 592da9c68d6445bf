import neo4j, { type Driver } from 'neo4j-driver';

/** What a `bolt://user:password@host:port` URL holds, as the driver takes it. */
export function neo4jConnection(url: string): { address: string; user: string; password: string } {
  const { protocol, host, username, password } = new URL(url);
  return { address: `${protocol}//${host}`, user: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** Deletes the nodes and constraints whose label starts with `prefix`. @returns how many labels went */
export async function dropNeo4jLabels(url: string, prefix: string): Promise<number> {
  const { address, user, password } = neo4jConnection(url);
  const driver = neo4j.driver(address, neo4j.auth.basic(user, password), { telemetryDisabled: true, disableLosslessIntegers: true });
  try {
    const labels = await namesOf(driver, 'CALL db.labels() YIELD label WHERE label STARTS WITH $prefix RETURN label AS name', prefix);
    // In batches: one transaction over everything would need memory for all of it.
    for (const label of labels)
      await driver.session().run(`MATCH (n:\`${label}\`) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS`);
    const constraints = await namesOf(
      driver,
      'SHOW CONSTRAINTS YIELD name, labelsOrTypes WHERE any(label IN labelsOrTypes WHERE label STARTS WITH $prefix) RETURN name',
      prefix,
    );
    for (const name of constraints) await driver.executeQuery(`DROP CONSTRAINT \`${name}\` IF EXISTS`);
    return labels.length;
  } finally {
    await driver.close();
  }
}

async function namesOf(driver: Driver, cypher: string, prefix: string): Promise<string[]> {
  const { records } = await driver.executeQuery(cypher, { prefix });
  return records.map((record) => String(record.get('name')));
}
