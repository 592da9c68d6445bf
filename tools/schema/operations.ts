import { globSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { concatAST, Kind, parse, print, separateOperations, type DocumentNode } from 'graphql';
import { z } from 'zod';
import { SchemaFailure, unreadable } from './failure.ts';

export interface RecordedOperation {
  /** How a report names it: the operation's name, or where it stands. */
  readonly name: string;
  /** This operation and the fragments it uses, nothing else. */
  readonly document: DocumentNode;
  /** As the client sends it, which may be more than the document; of a file, the document printed. */
  readonly text: string;
  /** How often it was seen; 1 where that is not known. */
  readonly count: number;
}

const recordedLine = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  count: z.number().int().positive().default(1),
});

/**
 * Recorded operations: every `.graphql` file below a folder (fragments may stand in other files), or a file with `{ query, operationName,
 * count? }` on each line. The same operation is answered once, with its counts added up.
 * @throws SchemaFailure with file and line of what cannot be read
 */
export async function readOperations(path: string): Promise<readonly RecordedOperation[]> {
  const info = await stat(path).catch(() => {
    throw new SchemaFailure(`${path}: there is no such file or folder of operations`);
  });
  const operations = info.isDirectory() ? await readFolder(path) : await readLines(path);
  if (operations.length === 0) throw new SchemaFailure(`${path}: holds no operation`);
  return operations;
}

async function readFolder(folder: string): Promise<readonly RecordedOperation[]> {
  const documents = await Promise.all(
    globSync('**/*.{graphql,gql}', { cwd: folder })
      .sort()
      .map(async (name) => ({ name, document: parseFile(await readFile(join(folder, name), 'utf8'), join(folder, name)) })),
  );
  const fragments: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: documents.flatMap(({ document }) => document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)),
  };
  return documents.flatMap(({ name, document }) => {
    const operations: DocumentNode = {
      ...document,
      definitions: document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION),
    };
    const separated = separateOperations(concatAST([operations, fragments]));
    return Object.entries(separated).map(([operation, one]) => ({ name: operation || name, document: one, text: print(one), count: 1 }));
  });
}

async function readLines(file: string): Promise<readonly RecordedOperation[]> {
  const operations = new Map<string, RecordedOperation>();
  for (const [index, line] of (await readFile(file, 'utf8')).split('\n').entries()) {
    if (line.trim() === '') continue;
    const place = `${file}:${index + 1}`;
    const { query, operationName, count } = parseLine(line, place);
    const key = `${operationName ?? ''}\n${query}`;
    const known = operations.get(key);
    operations.set(key, {
      ...(known ?? { ...pick(parseFile(query, place), { operationName, place, line: index + 1 }), text: query }),
      count: (known?.count ?? 0) + count,
    });
  }
  return [...operations.values()];
}

/** The operation that was asked for, of a text that may hold several. */
function pick(document: DocumentNode, asked: { operationName: string | null | undefined; place: string; line: number }) {
  const separated = Object.entries(separateOperations(document));
  const found =
    asked.operationName == null && separated.length === 1 ? separated[0] : separated.find(([name]) => name === (asked.operationName ?? ''));
  if (!found) throw new SchemaFailure(`${asked.place}: the query has no operation "${asked.operationName ?? ''}"`);
  return { name: found[0] || `line ${asked.line}`, document: found[1] };
}

function parseLine(line: string, place: string): z.output<typeof recordedLine> {
  try {
    return recordedLine.parse(JSON.parse(line));
  } catch {
    throw new SchemaFailure(`${place}: is no JSON object with "query" and, if there is one, "operationName" and "count"`);
  }
}

function parseFile(text: string, place: string): DocumentNode {
  try {
    return parse(text, { noLocation: true });
  } catch (error) {
    throw unreadable(place, error);
  }
}
