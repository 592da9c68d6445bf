import { cosineSimilarity, createLexicalEmbedder } from '@loomgraph/ai';
import { analyse, createLocalAnalyser, cutWords, NothingAsked, toText } from '@loomgraph/subgraph-resumes';
import MiniSearch from 'minisearch';
import type { Text } from './graded-pairs.ts';

/** Says of every pair how well it matches, in whatever numbers: only their order counts. */
export interface Ranker {
  readonly name: 'ours' | 'bm25' | 'embedding';
  /** By resume, then in the order of the jobs. */
  scores(resumes: readonly Text[], jobs: readonly Text[]): Promise<ReadonlyMap<string, readonly number[]>>;
}

/** What goes on in a resume ends here: years must not grow with the calendar. */
const NOW = new Date('2026-01-01T00:00:00Z');

const ours: Ranker = {
  name: 'ours',
  async scores(resumes, jobs) {
    const analyser = createLocalAnalyser({ cut: cutWords });
    return each(resumes, async ({ text: lines }) => {
      const text = toText(lines.split('\n'));
      const resume = { name: 'resume' as const, text, analysis: analyse(text, { cut: cutWords, now: NOW }) };
      return Promise.all(
        jobs.map(async (job) => {
          const question = { resume, job: { name: 'job' as const, text: toText(job.text.split('\n')) }, locale: 'en' };
          try {
            return (await analyser.assess(question, new AbortController().signal)).score;
          } catch (error) {
            // It says nothing of such a job, so the job comes last.
            if (error instanceof NothingAsked) return -1;
            throw error;
          }
        }),
      );
    });
  },
};

/** Okapi BM25 (BM25+, k1 1.2, b 0.7, d 0.5: the library's own) over the jobs, the resume as the query. */
const bm25: Ranker = {
  name: 'bm25',
  async scores(resumes, jobs) {
    const index = new MiniSearch<Text>({ fields: ['text'], tokenize: wordsOf });
    index.addAll(jobs);
    return each(resumes, async ({ text }) => {
      const found = new Map(index.search(text).map(({ id, score }) => [id as string, score]));
      return jobs.map(({ id }) => found.get(id) ?? 0);
    });
  },
};

/** Nearness of the two texts' vectors, by the embedder that needs no key. */
const embedding: Ranker = {
  name: 'embedding',
  async scores(resumes, jobs) {
    const embedder = createLexicalEmbedder();
    const vectors = await embedder.embed(jobs.map(({ text }) => text));
    return each(resumes, async ({ text }) => {
      const [own] = await embedder.embed([text]);
      return vectors.map((vector) => cosineSimilarity(own ?? [], vector));
    });
  },
};

export const rankers: readonly Ranker[] = [ours, bm25, embedding];

/** Chinese as the product cuts it; signs and blanks are no words. */
const wordsOf = (text: string): string[] => cutWords(text).filter((word) => /[\p{L}\p{N}]/u.test(word));

async function each(
  resumes: readonly Text[],
  score: (resume: Text) => Promise<readonly number[]>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const all = new Map<string, readonly number[]>();
  for (const resume of resumes) all.set(resume.id, await score(resume));
  return all;
}
