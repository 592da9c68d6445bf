import type { ChatRequest } from '@loomgraph/ai/testing';
import type { ModelAnswer, ModelRequirement } from '../../src/domain/suggestions/model-answer.js';

export interface Texts {
  readonly job: string;
  readonly resume: string;
}

/** What a model was given. */
export const textsOf = ({ input }: ChatRequest): Texts => JSON.parse(input) as Texts;

const lineWith = (text: string, words: string): string | undefined => text.split('\n').find((line) => line.includes(words));

/** A requirement as an honest model words it: the line of the job with the name, and those of the resume with the words that show it. */
export function required({ job, resume }: Texts, name: string, shownBy: readonly string[] = [name]): readonly ModelRequirement[] {
  const jobQuote = lineWith(job, name);
  const resumeQuotes = shownBy.flatMap((words) => lineWith(resume, words) ?? []);
  return jobQuote === undefined ? [] : [{ names: [name], importance: 'required', jobQuote, resumeQuotes }];
}

/** A double of a model that names what of these the job names, and advises on the first of it. */
export function honestModel(names: readonly string[]): (request: ChatRequest) => ModelAnswer {
  return (request) => {
    const texts = textsOf(request);
    const requirements = names.flatMap((name) => required(texts, name));
    const [first] = requirements;
    return {
      requirements,
      advice: first ? [{ kind: 'show', text: `Say what you used ${first.names[0]} for.`, source: 'job', quote: first.jobQuote }] : [],
    };
  };
}
