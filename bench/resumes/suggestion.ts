import { createLocalAnalyser, cutWords } from '@loomgraph/subgraph-resumes';
import { percentile } from '../../tools/report/percentile.ts';
import { onePageResumes } from './documents.ts';
import type { Measured } from './measured.ts';
import { NEVER, openUnderstand } from './understand.ts';

const JOB = `高级后端工程师
岗位职责：
负责微服务架构设计
任职要求：
1、本科及以上学历，硕士优先；
2、三年以上后端开发经验，精通Java，熟悉MySQL、Redis；
3、熟悉Kafka、RocketMQ之一；
4、英语六级，普通话流利；
5、有Kubernetes经验者优先`;

/** How long the local analyser takes for a resume that is understood and a job, in this process. */
export async function measureSuggestions({
  seed,
  documents,
  rounds,
}: {
  seed: number;
  documents: number;
  rounds: number;
}): Promise<Measured> {
  const understand = openUnderstand();
  const analyser = createLocalAnalyser({ cut: cutWords });
  const job = { name: 'job', text: JOB } as const;
  const resumes = [];
  for (const { content, mimeType } of await onePageResumes('docx', seed, documents)) {
    const understood = await understand({ content, contentType: mimeType }, NEVER);
    if (understood.kind === 'done') resumes.push({ name: 'resume', text: understood.text, analysis: understood.analysis } as const);
  }
  const failures: string[] = [];
  const times: number[] = [];
  const scores: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    for (const [place, resume] of resumes.entries()) {
      const startedAt = performance.now();
      const { score, matched } = await analyser.assess({ resume, job, locale: 'zh' }, NEVER);
      const ms = performance.now() - startedAt;
      // The first round is the check, and warms up.
      if (round > 0) times.push(ms);
      else {
        scores.push(score);
        const unfounded = matched
          .flatMap(({ foundIn }) => foundIn)
          .filter(({ start, end, quote }) => resume.text.slice(start, end) !== quote);
        if (unfounded.length > 0) failures.push(`a claim about resume ${place + 1} quotes what it does not say: ${unfounded[0]?.quote}`);
        if (matched.length === 0) failures.push(`nothing of the job was found in resume ${place + 1}: each has some of it planted`);
      }
      if (score !== scores[place]) failures.push(`resume ${place + 1} got ${score} in round ${round} and ${scores[place]} before`);
    }
  }
  if (failures.length > 0) return { figures: [], notes: [], failures };
  return {
    figures: [
      {
        name: 'suggest.ms',
        value: percentile(times, 0.5),
        meaning: `one resume of one page and a Chinese job, local analyser; median of ${times.length}`,
      },
      { name: 'suggest.p95Ms', value: percentile(times, 0.95), meaning: 'the value that 95 of 100 did not exceed' },
    ],
    notes: [],
    failures,
  };
}
