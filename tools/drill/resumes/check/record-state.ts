import { createHash } from 'node:crypto';
import type { Objects } from '@loomgraph/stores/objects';
import type { RelationalStore } from '@loomgraph/stores/relational';

export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

interface VersionRow {
  readonly id: string;
  readonly resume_id: string;
  readonly user_id: string;
  readonly size_bytes: number;
  readonly sha256: string;
  readonly object_key: string;
}

/** Everything that the subgraph keeps, as its stores have it. */
export interface RecordState {
  readonly resumes: readonly { readonly id: string; readonly user_id: string }[];
  readonly versions: readonly VersionRow[];
  readonly uploads: readonly { readonly id: string; readonly resume_id: string; readonly user_id: string }[];
  readonly understandings: readonly {
    readonly version_id: string;
    readonly resume_id: string;
    readonly state: string;
    readonly reason: string | null;
  }[];
  readonly suggestions: readonly {
    readonly id: string;
    readonly user_id: string;
    readonly version_id: string;
    readonly resume_id: string;
    readonly job_title: string;
    readonly state: string;
    readonly reason: string | null;
    readonly score: number | null;
  }[];
  readonly feedback: readonly {
    readonly suggestion_id: string;
    readonly user_id: string;
    readonly is_helpful: boolean | number;
    readonly comment: string;
  }[];
  /** That are due once, that is all but the sweep. */
  readonly tasks: readonly { readonly kind: string; readonly task_key: string }[];
  /** Files of versions and of uploads; each was read to its end. */
  readonly objects: readonly StoredObject[];
}

const PAGE = 500;
/** Where the subgraph keeps files. */
const PREFIXES = ['resumes/', 'resume-uploads/'];

/** Reads all of it, past the subgraph. */
export async function readRecord(store: RelationalStore, objects: Objects): Promise<RecordState> {
  const rows = <T>(columns: string, table: string, where = '') =>
    store.read().execute<T[]>(`select ${columns} from ${store.table(table)} ${where}`);
  return {
    resumes: await rows('id, user_id', 'resume'),
    versions: await rows('id, resume_id, user_id, size_bytes, sha256, object_key', 'resume_version'),
    uploads: await rows('id, resume_id, user_id', 'resume_upload'),
    understandings: await rows('version_id, resume_id, state, reason', 'resume_understanding'),
    suggestions: await rows('id, user_id, version_id, resume_id, job_title, state, reason, score', 'resume_suggestion'),
    feedback: await rows('suggestion_id, user_id, is_helpful, comment', 'resume_suggestion_feedback'),
    tasks: await rows('kind, task_key', 'task', "where kind <> 'sweep'"),
    objects: (await Promise.all(PREFIXES.map((prefix) => readObjects(objects, prefix)))).flat(),
  };
}

async function readObjects(objects: Objects, prefix: string): Promise<readonly StoredObject[]> {
  const found: StoredObject[] = [];
  for (let after: string | undefined; ;) {
    const page = await objects.list(prefix, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const { key } of page) {
      const object = await objects.get(key);
      if (!object) continue;
      const hash = createHash('sha256');
      let sizeBytes = 0;
      for await (const chunk of object.body as AsyncIterable<Buffer>) {
        hash.update(chunk);
        sizeBytes += chunk.byteLength;
      }
      found.push({ key, sizeBytes, sha256: hash.digest('hex') });
    }
    if (page.length < PAGE) return found;
    after = page.at(-1)?.key;
  }
}
