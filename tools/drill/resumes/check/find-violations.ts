import type { Journal, JournalUpload } from '../journal.ts';
import type { RecordState } from './record-state.ts';

/**
 * `lost`: a user was told that it is there, and it is not, or not as it was. `orphan`: an object without a row, a row without what it belongs to, or
 * something left of what was deleted. `doubled`: twice what was done once. `unfinished`: work that never came to its end, or to a wrong one.
 */
export type ViolationKind = 'lost' | 'orphan' | 'doubled' | 'unfinished';

export interface Violation {
  readonly kind: ViolationKind;
  readonly what: string;
}

/** Compares what the stores hold with what users were told, once everything has come to rest and a sweep has gone through. */
export function findViolations(journal: Journal, state: RecordState): readonly Violation[] {
  return [...findLost(journal, state), ...findOrphans(journal, state), ...findDoubled(journal, state), ...findUnfinished(journal, state)];
}

function findLost(journal: Journal, state: RecordState): Violation[] {
  const versions = new Map(state.versions.map((row) => [row.id, row]));
  const objects = new Map(state.objects.map((object) => [object.key, object]));
  const suggestions = new Map(state.suggestions.map((row) => [row.id, row]));
  const feedback = new Map(state.feedback.map((row) => [`${row.suggestion_id} ${row.user_id}`, row]));
  const lost: string[] = [];
  for (const upload of journal.uploads) {
    if (upload.state !== 'completed' || journal.isGone(upload)) continue;
    const row = versions.get(upload.id);
    const object = row && objects.get(row.object_key);
    if (!row) lost.push(`version ${upload.id} has no row`);
    else if (row.sha256 !== upload.sha256 || row.size_bytes !== upload.sizeBytes || row.resume_id !== upload.resumeId)
      lost.push(`version ${upload.id} is of ${row.size_bytes} bytes, ${row.sha256}, in resume ${row.resume_id}; it was another`);
    else if (!object) lost.push(`version ${upload.id} has no file at ${row.object_key}`);
    else if (object.sha256 !== upload.sha256) lost.push(`the file of version ${upload.id} has other bytes`);
  }
  for (const { id, userId, upload, feedback: said } of journal.suggestions) {
    if (journal.isGone(upload)) continue;
    if (!suggestions.has(id)) lost.push(`suggestion ${id} has no row`);
    const row = feedback.get(`${id} ${userId}`);
    if (said && (!row || Boolean(row.is_helpful) !== said.isHelpful || row.comment !== said.comment))
      lost.push(`the feedback on suggestion ${id} is ${row ? `"${row.comment}"` : 'not there'}; it was "${said.comment}"`);
  }
  return lost.map((what) => ({ kind: 'lost', what }));
}

function findOrphans(journal: Journal, state: RecordState): Violation[] {
  const named = new Set(state.versions.map(({ object_key }) => object_key));
  const keys = new Set(state.objects.map(({ key }) => key));
  const resumes = new Set(state.resumes.map(({ id }) => id));
  const versions = new Set(state.versions.map(({ id }) => id));
  const suggestions = new Set(state.suggestions.map(({ id }) => id));
  const uploads = new Map(journal.uploads.map((upload) => [upload.id, upload]));
  const orphans: string[] = [];
  for (const { key } of state.objects) if (!named.has(key)) orphans.push(`object ${key} has no row`);
  for (const { id } of state.uploads) orphans.push(`upload ${id} has expired and is still there`);
  for (const { id, resume_id, object_key } of state.versions) {
    if (!keys.has(object_key)) orphans.push(`version ${id} has no object at ${object_key}`);
    if (!resumes.has(resume_id)) orphans.push(`version ${id} has no resume ${resume_id}`);
    const upload = uploads.get(id);
    if (upload && (journal.isGone(upload) || upload.state === 'refused'))
      orphans.push(`version ${id} was ${endOf(journal, upload)} and is there`);
  }
  for (const { id, user_id } of state.resumes)
    if (journal.deletedResumes.has(id) || journal.erasedUsers.has(user_id)) orphans.push(`resume ${id} was deleted and is there`);
  for (const { version_id } of state.understandings)
    if (!versions.has(version_id)) orphans.push(`what was found in version ${version_id} has no version`);
  for (const { id, version_id, user_id } of state.suggestions)
    if (!versions.has(version_id) || journal.erasedUsers.has(user_id)) orphans.push(`suggestion ${id} has no version, or no user`);
  for (const { suggestion_id } of state.feedback)
    if (!suggestions.has(suggestion_id)) orphans.push(`feedback has no suggestion ${suggestion_id}`);
  return orphans.map((what) => ({ kind: 'orphan', what }));
}

const endOf = (journal: Journal, upload: JournalUpload): string => (journal.isGone(upload) ? 'deleted' : 'refused');

function findDoubled(journal: Journal, state: RecordState): Violation[] {
  const doubled = [...journal.changed];
  // No two uploads of the drill have the same content, and no two questions the same title.
  for (const [sha256, keys] of grouped(state.objects, ({ sha256 }) => sha256))
    if (keys.length > 1) doubled.push(`the file ${sha256} is stored ${keys.length} times: ${keys.map(({ key }) => key).join(', ')}`);
  for (const [sha256, rows] of grouped(state.versions, (row) => row.sha256))
    if (rows.length > 1) doubled.push(`the file ${sha256} is ${rows.length} versions: ${rows.map(({ id }) => id).join(', ')}`);
  for (const [title, rows] of grouped(state.suggestions, ({ job_title }) => job_title))
    if (rows.length > 1) doubled.push(`the question "${title}" is there ${rows.length} times`);
  for (const [pair, rows] of grouped(state.feedback, ({ suggestion_id, user_id }) => `${suggestion_id} by ${user_id}`))
    if (rows.length > 1) doubled.push(`feedback on suggestion ${pair} is there ${rows.length} times`);
  for (const [id, outcomes] of journal.outcomes) if (outcomes > 1) doubled.push(`suggestion ${id} was answered ${outcomes} times`);
  const rows = new Map(state.suggestions.map((row) => [row.id, row]));
  for (const { id, answer } of journal.suggestions) {
    const row = rows.get(id);
    if (row && answer && (row.state !== answer.state.toLowerCase() || row.score !== answer.score))
      doubled.push(`suggestion ${id} was ${answer.state} with ${answer.score} and is ${row.state} with ${row.score}`);
  }
  return doubled.map((what) => ({ kind: 'doubled', what }));
}

function findUnfinished(journal: Journal, state: RecordState): Violation[] {
  const uploads = new Map(journal.uploads.map((upload) => [upload.id, upload]));
  const understandings = new Map(state.understandings.map((row) => [row.version_id, row]));
  const unfinished: string[] = [];
  const isRight = (versionId: string, row: { readonly state: string; readonly reason: string | null } | undefined): boolean => {
    const isBroken = uploads.get(versionId)?.expected === 'broken';
    return isBroken ? row?.state === 'failed' && row.reason === 'broken' : row?.state === 'done' && row.reason === null;
  };
  for (const { id } of state.versions) {
    const row = understandings.get(id);
    if (!isRight(id, row)) unfinished.push(`version ${id} is understood as ${row ? `${row.state} ${row.reason ?? ''}`.trim() : 'nothing'}`);
  }
  for (const { id, version_id, score, ...row } of state.suggestions)
    if (!isRight(version_id, row) || (row.state === 'done') !== (score !== null))
      unfinished.push(`suggestion ${id} is ${row.state} ${row.reason ?? ''} with score ${score}`);
  for (const { kind, task_key } of state.tasks) unfinished.push(`the task ${kind} ${task_key} is left`);
  return unfinished.map((what) => ({ kind: 'unfinished', what }));
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
