import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Supergraph } from '@apollo/federation-internals';
import { buildClientSchema, buildSchema, getIntrospectionQuery, type GraphQLSchema, type IntrospectionQuery } from 'graphql';
import { SchemaFailure, unreadable } from './failure.ts';
import { SERVED_SCHEMA } from './args.ts';

const GIT = /^git:(?<revision>.+)$/;
const URL_TIMEOUT_MS = 30_000;

export interface SchemaPlace {
  /** A file, `http(s)://` of a GraphQL endpoint, or `git:REVISION` for the committed API schema of then. */
  readonly place: string;
  /** Sent to URLs. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where git is asked. */
  readonly root: string;
}

/** The schema as clients see it, of a supergraph, too. @throws SchemaFailure with one line saying what cannot be read and why */
export async function loadSchema({ place, headers, root }: SchemaPlace): Promise<GraphQLSchema> {
  if (/^https?:\/\//i.test(place)) return introspect(place, headers);
  const revision = GIT.exec(place)?.groups?.['revision'];
  return parseSchema(revision === undefined ? await readText(place) : await readRevision(revision, root), place);
}

/** @param place for messages */
export function parseSchema(sdl: string, place: string): GraphQLSchema {
  try {
    // A supergraph holds what clients never see: joins, and what is @inaccessible.
    if (/\benum join__Graph\b/.test(sdl)) return Supergraph.build(sdl, { supportedFeatures: null }).apiSchema().toGraphQLJSSchema();
    return buildSchema(sdl);
  } catch (error) {
    throw unreadable(place, error);
  }
}

async function introspect(url: string, headers: Readonly<Record<string, string>>): Promise<GraphQLSchema> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify({ query: getIntrospectionQuery({ inputValueDeprecation: true, oneOf: false }) }),
      signal: AbortSignal.timeout(URL_TIMEOUT_MS),
    });
    const { data, errors } = (await response.json()) as { data?: IntrospectionQuery; errors?: readonly { message: string }[] };
    if (!data) throw new Error(`it answered ${response.status}: ${errors?.[0]?.message ?? 'no data'}`);
    return buildClientSchema(data);
  } catch (error) {
    const { message, cause } = error as Error;
    throw new SchemaFailure(`${url}: the schema cannot be read by introspection: ${(cause as Error | undefined)?.message ?? message}`);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SchemaFailure(`${path}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : (error as Error).message}`);
  }
}

async function readRevision(revision: string, root: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['show', `${revision}:${SERVED_SCHEMA}`], {
      cwd: root,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new SchemaFailure(`git:${revision}: ${stderr.trim().split('\n')[0] || message}`);
  }
}
