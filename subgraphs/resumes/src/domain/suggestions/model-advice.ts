import type { Advice } from './assessment.js';
import { evidenceIn, type Source, type SourceName } from './evidence.js';
import { createQuoteFinder } from './find-quote.js';
import type { ModelAdvice, Refusal } from './model-answer.js';
import { isInAddress, speaksToReader } from './speaks-to-reader.js';

const MAX_LENGTH = 400;
/** Advice names what to write down; it sends nobody anywhere, and brings no markup. */
const FOREIGN = /https?:|www\.|\S@\S+\.\S|<[a-z/!]|\]\(/iu;

/** The advice of a model that has its place in the text it is about. */
export function modelAdvice(
  sources: { readonly [Name in SourceName]: Source<Name> },
  advice: readonly ModelAdvice[],
  refuse: (why: Refusal) => void,
): readonly Advice[] {
  const finders = { resume: createQuoteFinder(sources.resume.text), job: createQuoteFinder(sources.job.text) };
  return advice.flatMap(({ kind, text, source, quote }): readonly Advice[] => {
    const span = finders[source].first(quote);
    const said = text.replace(/\s+/gu, ' ').trim();
    const isFit = said !== '' && said.length <= MAX_LENGTH && !FOREIGN.test(said) && !speaksToReader(said);
    if (!span || !isFit || isInAddress(sources[source].text, span)) {
      refuse('advice');
      return [];
    }
    return [{ kind, text: said, evidence: evidenceIn(sources[source], [span]) }];
  });
}
