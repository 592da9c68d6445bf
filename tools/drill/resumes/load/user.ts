import { randomUUID } from 'node:crypto';
import type { Random } from '../../../harness/random.ts';
import type { Answer, Journal, JournalSuggestion, JournalUpload } from '../journal.ts';
import { makeFile, notText, type DrillFile } from './files.ts';
import { ASK, COMPLETE, CREATE, DELETE_RESUME, DELETE_VERSION, FEEDBACK, JOB, LOOK, REQUEST, type RequestedUpload } from './operations.ts';
import { Refused, Unanswered, type WorkerPool } from './worker-pool.ts';

/** So that what waits stays below what is refused. */
const MOST_QUESTIONS = 25;
const MOST_RESUMES = 4;

interface Sent {
  readonly upload: JournalUpload;
  readonly target: RequestedUpload;
  readonly file: DrillFile;
}

/** One user of the drill, who does one thing after the other and writes down what they were told. */
export class DrillUser {
  readonly id: string;
  readonly #pool: WorkerPool;
  readonly #random: Random;
  readonly #journal: Journal;
  readonly #resumes: string[] = [];
  readonly #sent: Sent[] = [];
  readonly #questions: JournalSuggestion[] = [];
  #marks = 0;

  constructor(id: string, deps: { readonly pool: WorkerPool; readonly random: Random; readonly journal: Journal }) {
    this.id = id;
    this.#pool = deps.pool;
    this.#random = deps.random;
    this.#journal = deps.journal;
  }

  /** One thing. What is not answered and cannot be repeated is given up, as users do. */
  async act(): Promise<void> {
    const acts: readonly (readonly [weight: number, act: () => Promise<void>])[] = [
      [34, () => this.#upload()],
      [22, () => this.#ask()],
      [14, () => this.#look()],
      [8, () => this.#giveFeedback()],
      [5, () => this.#deleteVersion()],
      [4, () => this.#deleteResume()],
      [5, () => this.#giveUp()],
      [3, () => this.#sendAgain()],
      [3, () => this.#sendWhatIsRefused()],
      [2, () => this.#deleteMeanwhile()],
    ];
    let left = this.#random.next() * acts.reduce((sum, [weight]) => sum + weight, 0);
    const act = acts.find(([weight]) => (left -= weight) < 0)?.[1];
    try {
      await act?.();
    } catch (error) {
      if (error instanceof Refused) this.#journal.unexpected.push(`${this.id}: ${error.message}`);
      else if (!(error instanceof Unanswered)) throw error;
    }
  }

  /** Their account is closed, in the midst of an upload. */
  async leave(): Promise<void> {
    const sent = await this.#send().catch((error: unknown) => {
      if (error instanceof Unanswered) return undefined;
      throw error;
    });
    const erasing = this.#pool.erase({ eventId: randomUUID(), userId: this.id, erasedAt: new Date().toISOString() });
    const completing = sent && this.#complete(sent, ['NOT_FOUND', 'UNAUTHENTICATED', 'FILE_REFUSED']);
    await Promise.all([erasing, completing]);
    this.#journal.erasedUsers.add(this.id);
  }

  async #upload(): Promise<void> {
    const sent = await this.#send();
    if (!sent) return;
    await this.#complete(sent, []);
    // Somebody who pressed the button twice.
    if (this.#random.next() < 0.2) await Promise.all([this.#complete(sent, []), this.#complete(sent, [])]);
  }

  async #send(file?: DrillFile): Promise<Sent | undefined> {
    if (this.#resumes.length < MOST_RESUMES && (this.#resumes.length === 0 || this.#random.next() < 0.3)) {
      const { createResume } = await this.#query<{ createResume: { resume: { id: string } } }>('create', CREATE, {});
      this.#resumes.push(createResume.resume.id);
    }
    const resumeId = this.#random.pick(this.#resumes);
    const made = file ?? (await makeFile(this.#mark(), this.#random));
    const { fileName, mimeType, content, sha256, expected } = made;
    const input = { resumeId, fileName, mimeType, sizeBytes: content.byteLength };
    const { requestResumeUpload } = await this.#query<{ requestResumeUpload: { upload: RequestedUpload } }>('request', REQUEST, { input });
    const target = requestResumeUpload.upload;
    const upload: JournalUpload = {
      id: target.id,
      userId: this.id,
      resumeId,
      sha256,
      sizeBytes: content.byteLength,
      expected,
      state: 'requested',
    };
    this.#journal.uploads.push(upload);
    for (let attempt = 0; attempt < 10; attempt += 1) if (await this.#pool.send(target, content)) return { upload, target, file: made };
    return undefined;
  }

  /** Until it is answered; `allowed` are refusals that another one's deletion explains. */
  async #complete(sent: Sent, allowed: readonly string[]): Promise<void> {
    const { upload, file } = sent;
    const input = { uploadId: upload.id, sha256: file.sha256 };
    const request = { activity: 'complete', userId: this.id, query: COMPLETE, variables: { input } };
    try {
      const { completeResumeUpload } = await this.#pool.askUntilAnswered<{
        completeResumeUpload: { version: { id: string; sha256: string; sizeBytes: number } };
      }>(request);
      const { id, sha256, sizeBytes } = completeResumeUpload.version;
      if (id !== upload.id || sha256 !== upload.sha256 || sizeBytes !== upload.sizeBytes)
        this.#journal.unexpected.push(`upload ${upload.id} was answered with version ${id} of ${sizeBytes} bytes, ${sha256}`);
      if (upload.state === 'requested') {
        upload.state = 'completed';
        this.#sent.push(sent);
      }
    } catch (error) {
      if (!(error instanceof Refused && allowed.includes(error.code))) throw error;
    }
  }

  async #ask(): Promise<void> {
    const sent = this.#some();
    if (!sent || this.#questions.length >= MOST_QUESTIONS) return;
    // Not repeated: whoever asks twice has asked two questions. Its title tells it from every other.
    const input = { versionId: sent.upload.id, jobTitle: `Engineer ${this.#mark()}`, jobDescription: JOB, locale: 'en' };
    const { requestResumeSuggestion } = await this.#query<{ requestResumeSuggestion: { suggestion: { id: string } } }>('ask', ASK, {
      input,
    });
    const suggestion: JournalSuggestion = { id: requestResumeSuggestion.suggestion.id, userId: this.id, upload: sent.upload };
    this.#journal.suggestions.push(suggestion);
    this.#questions.push(suggestion);
  }

  async #look(): Promise<void> {
    const suggestion = this.#open();
    if (!suggestion) return;
    const found = await this.#query<{ resumeSuggestion: Answer | null }>('look', LOOK, { id: suggestion.id });
    if (found.resumeSuggestion) this.#journal.saw(suggestion, found.resumeSuggestion);
    else this.#journal.unexpected.push(`suggestion ${suggestion.id} is not there any more`);
  }

  async #giveFeedback(): Promise<void> {
    await this.#look();
    const suggestion = this.#open();
    if (suggestion?.answer?.state !== 'DONE') return;
    const said = { isHelpful: this.#random.next() < 0.5, comment: this.#mark() };
    const variables = { input: { suggestionId: suggestion.id, ...said } };
    await this.#pool.askUntilAnswered({ activity: 'feedback', userId: this.id, query: FEEDBACK, variables });
    suggestion.feedback = said;
  }

  async #deleteVersion(): Promise<void> {
    const sent = this.#some();
    if (!sent) return;
    await this.#delete(DELETE_VERSION, sent.upload.id);
    sent.upload.state = 'deleted';
    this.#forget();
  }

  async #deleteResume(resumeId = this.#resumes[0]): Promise<void> {
    if (resumeId === undefined) return;
    this.#resumes.splice(this.#resumes.indexOf(resumeId), 1);
    await this.#delete(DELETE_RESUME, resumeId);
    this.#journal.deletedResumes.add(resumeId);
    this.#forget();
  }

  /** Asked for, perhaps sent, and left. */
  async #giveUp(): Promise<void> {
    await this.#send();
  }

  /** The URL of an upload that is a version by now. */
  async #sendAgain(): Promise<void> {
    const sent = this.#some();
    if (sent) await this.#pool.send(sent.target, sent.file.content);
  }

  async #sendWhatIsRefused(): Promise<void> {
    const sent = await this.#send(notText(this.#mark()));
    if (!sent) return;
    await this.#complete(sent, ['FILE_REFUSED', 'NOT_FOUND']);
    if (sent.upload.state === 'completed') this.#journal.unexpected.push(`upload ${sent.upload.id} is no text and was taken`);
    sent.upload.state = 'refused';
  }

  /** A resume goes while a version of it is being completed. */
  async #deleteMeanwhile(): Promise<void> {
    const sent = await this.#send();
    if (sent) await Promise.all([this.#complete(sent, ['NOT_FOUND']), this.#deleteResume(sent.upload.resumeId)]);
    this.#forget();
  }

  /** Where the answer was lost, it is gone already. */
  async #delete(query: string, id: string): Promise<void> {
    try {
      await this.#pool.askUntilAnswered({ activity: 'delete', userId: this.id, query, variables: { id } });
    } catch (error) {
      if (!(error instanceof Refused && error.code === 'NOT_FOUND')) throw error;
    }
  }

  #forget(): void {
    for (const list of [this.#sent, this.#questions]) {
      const kept = list.filter(({ upload }) => !this.#journal.isGone(upload));
      list.splice(0, list.length, ...(kept as never[])); // of the same list
    }
  }

  #query<Data>(activity: string, query: string, variables: Readonly<Record<string, unknown>>): Promise<Data> {
    return this.#pool.ask<Data>({ activity, userId: this.id, query, variables });
  }

  #some(): Sent | undefined {
    return this.#sent.length === 0 ? undefined : this.#random.pick(this.#sent);
  }

  #open(): JournalSuggestion | undefined {
    return this.#questions.length === 0 ? undefined : this.#random.pick(this.#questions);
  }

  #mark(): string {
    this.#marks += 1;
    return `${this.id}-${this.#marks}`;
  }
}
