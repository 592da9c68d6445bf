import { Journal, type JournalUpload } from '../journal.ts';
import { findViolations, type ViolationKind } from './find-violations.ts';
import type { RecordState } from './record-state.ts';

const HASH = 'a'.repeat(64);
const KEY = 'resumes/ann/r1/v1/cv.md';

/** Ann has one version that is understood, and one question about it that is answered and was found helpful. */
function whole(): { journal: Journal; upload: JournalUpload; state: RecordState } {
  const journal = new Journal();
  const upload: JournalUpload = {
    id: 'v1',
    userId: 'ann',
    resumeId: 'r1',
    sha256: HASH,
    sizeBytes: 5,
    expected: 'done',
    state: 'completed',
  };
  journal.uploads.push(upload);
  journal.suggestions.push({
    id: 's1',
    userId: 'ann',
    upload,
    answer: { state: 'DONE', score: 70, reason: null },
    feedback: { isHelpful: true, comment: 'good' },
  });
  journal.countOutcome('s1');
  const state: RecordState = {
    resumes: [{ id: 'r1', user_id: 'ann' }],
    versions: [{ id: 'v1', resume_id: 'r1', user_id: 'ann', size_bytes: 5, sha256: HASH, object_key: KEY }],
    uploads: [],
    understandings: [{ version_id: 'v1', resume_id: 'r1', state: 'done', reason: null }],
    suggestions: [
      { id: 's1', user_id: 'ann', version_id: 'v1', resume_id: 'r1', job_title: 'Engineer 1', state: 'done', reason: null, score: 70 },
    ],
    feedback: [{ suggestion_id: 's1', user_id: 'ann', is_helpful: 1, comment: 'good' }],
    tasks: [],
    objects: [{ key: KEY, sizeBytes: 5, sha256: HASH }],
  };
  return { journal, upload, state };
}

const empty: RecordState = {
  resumes: [],
  versions: [],
  uploads: [],
  understandings: [],
  suggestions: [],
  feedback: [],
  tasks: [],
  objects: [],
};

describe('what the resumes drill checks', () => {
  it('nothing is wrong where all is there', () => {
    const { journal, state } = whole();
    expect(findViolations(journal, state)).toEqual([]);
  });

  it('nothing is wrong where all was deleted: by version, by resume, by user', () => {
    for (const end of [
      ({ upload }: ReturnType<typeof whole>) => void (upload.state = 'deleted'),
      ({ journal }: ReturnType<typeof whole>) => void journal.deletedResumes.add('r1'),
      ({ journal }: ReturnType<typeof whole>) => void journal.erasedUsers.add('ann'),
    ]) {
      const one = whole();
      end(one);
      expect(findViolations(one.journal, empty)).toEqual([]);
    }
  });

  type Damage = (one: ReturnType<typeof whole>) => Partial<RecordState>;
  const damages: readonly (readonly [what: string, kind: ViolationKind, damage: Damage])[] = [
    ['the file is gone', 'lost', () => ({ objects: [] })],
    ['the file has other bytes', 'lost', () => ({ objects: [{ key: KEY, sizeBytes: 5, sha256: 'b'.repeat(64) }] })],
    ['the row is gone', 'lost', () => ({ versions: [] })],
    ['the row is of other bytes', 'lost', ({ state }) => ({ versions: state.versions.map((row) => ({ ...row, sha256: 'b'.repeat(64) })) })],
    ['the suggestion is gone', 'lost', () => ({ suggestions: [], feedback: [] })],
    ['the feedback is gone', 'lost', () => ({ feedback: [] })],
    [
      'the feedback is what was said before',
      'lost',
      ({ state }) => ({ feedback: state.feedback.map((row) => ({ ...row, is_helpful: 0 })) }),
    ],
    [
      'an object has no row',
      'orphan',
      ({ state }) => ({ objects: [...state.objects, { key: 'resumes/x/y/z/cv.md', sizeBytes: 1, sha256: 'c'.repeat(64) }] }),
    ],
    ['an upload outlived the sweep', 'orphan', () => ({ uploads: [{ id: 'v2', resume_id: 'r1', user_id: 'ann' }] })],
    ['a row has no object', 'orphan', () => ({ objects: [] })],
    ['a version has no resume', 'orphan', () => ({ resumes: [] })],
    [
      'a deleted version is there',
      'orphan',
      ({ upload }) => {
        upload.state = 'deleted';
        return {};
      },
    ],
    [
      'a deleted resume is there',
      'orphan',
      ({ journal }) => {
        journal.deletedResumes.add('r1');
        return {};
      },
    ],
    [
      'an erased user has a resume',
      'orphan',
      ({ journal }) => {
        journal.erasedUsers.add('ann');
        return {};
      },
    ],
    ['feedback has no suggestion', 'orphan', () => ({ suggestions: [] })],
    [
      'a refused upload became a version',
      'orphan',
      ({ upload }) => {
        upload.state = 'refused';
        return {};
      },
    ],
    ['a file is stored twice', 'doubled', ({ state }) => ({ objects: [...state.objects, { key: `${KEY}2`, sizeBytes: 5, sha256: HASH }] })],
    ['an upload is two versions', 'doubled', ({ state }) => ({ versions: state.versions.flatMap((row) => [row, { ...row, id: 'v2' }]) })],
    [
      'a question is there twice',
      'doubled',
      ({ state }) => ({ suggestions: state.suggestions.flatMap((row) => [row, { ...row, id: 's2' }]) }),
    ],
    ['feedback is there twice', 'doubled', ({ state }) => ({ feedback: [...state.feedback, ...state.feedback] })],
    [
      'a suggestion was answered twice',
      'doubled',
      ({ journal }) => {
        journal.countOutcome('s1');
        return {};
      },
    ],
    [
      'an answer was seen to change',
      'doubled',
      ({ journal }) => {
        const [suggestion] = journal.suggestions;
        if (suggestion) journal.saw(suggestion, { state: 'DONE', score: 71, reason: null });
        return {};
      },
    ],
    [
      'another answer is kept than was seen',
      'doubled',
      ({ state }) => ({ suggestions: state.suggestions.map((row) => ({ ...row, score: 1 })) }),
    ],
    ['a version was not looked at', 'unfinished', () => ({ understandings: [] })],
    [
      'a version failed that can be read',
      'unfinished',
      ({ state }) => ({ understandings: state.understandings.map((row) => ({ ...row, state: 'failed', reason: 'internal' })) }),
    ],
    [
      'a suggestion waits',
      'unfinished',
      ({ state }) => ({ suggestions: state.suggestions.map((row) => ({ ...row, state: 'queued', score: null })) }),
    ],
    [
      'a suggestion is done without a score',
      'unfinished',
      ({ state }) => ({ suggestions: state.suggestions.map((row) => ({ ...row, score: null })) }),
    ],
    ['a task is left', 'unfinished', () => ({ tasks: [{ kind: 'remove-files', task_key: 'one:v1' }] })],
  ];
  it.each(damages)('finds that %s', (_, kind, damage) => {
    const one = whole();
    const found = findViolations(one.journal, { ...one.state, ...damage(one) });
    expect(found.map((violation) => violation.kind)).toContain(kind);
  });
});
