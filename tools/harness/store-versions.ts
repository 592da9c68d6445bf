import { Redis } from 'ioredis';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import neo4j from 'neo4j-driver';
import { Client } from 'pg';
import { neo4jConnection } from '../namespace/neo4j.ts';
import type { StoresEnv } from './store-env.ts';

/** What the servers say they are, for reports. */
export async function readStoreVersions(env: StoresEnv): Promise<Record<string, string>> {
  const entries = await Promise.all([
    env['MYSQL_URL'] && named('mysql', mysqlVersion(env['MYSQL_URL'])),
    env['POSTGRES_URL'] && named('postgres', postgresVersion(env['POSTGRES_URL'])),
    env['NEO4J_URL'] && named('neo4j', neo4jVersion(env['NEO4J_URL'])),
    env['REDIS_URL']?.startsWith('redis://') && named('redis', redisVersion(env['REDIS_URL'])),
  ]);
  return Object.fromEntries(entries.filter((entry) => typeof entry === 'object'));
}

const named = async (name: string, version: Promise<string>): Promise<[string, string]> => [name, await version];

async function mysqlVersion(url: string): Promise<string> {
  const client = await mysql.createConnection(url.replace(/^mariadb:/, 'mysql:'));
  try {
    const [rows] = await client.query<RowDataPacket[]>('select version() as version');
    return String(rows[0]?.['version']);
  } finally {
    await client.end();
  }
}

async function postgresVersion(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ server_version: string }>('show server_version')).rows[0]?.server_version ?? 'unknown';
  } finally {
    await client.end();
  }
}

async function neo4jVersion(url: string): Promise<string> {
  const { address, user, password } = neo4jConnection(url);
  const driver = neo4j.driver(address, neo4j.auth.basic(user, password));
  try {
    const { records } = await driver.executeQuery('CALL dbms.components() YIELD versions RETURN versions[0] AS version');
    return String(records[0]?.get('version'));
  } finally {
    await driver.close();
  }
}

async function redisVersion(url: string): Promise<string> {
  const client = new Redis(url);
  try {
    return /^redis_version:(\S+)/m.exec(await client.info('server'))?.[1] ?? 'unknown';
  } finally {
    client.disconnect();
  }
}
