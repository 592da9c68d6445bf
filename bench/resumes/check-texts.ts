import type { PlantedResume } from '@loomgraph/testing';
import type { LongDocument } from './documents.ts';

/** What of a resume's facts its text does not have: names and numbers, whatever stands between the words. */
export function missingFacts(text: string, { facts }: Pick<PlantedResume, 'facts'>): readonly string[] {
  const compact = withoutBlanks(text);
  const planted = [facts.name, facts.email, facts.phone, facts.institution, ...facts.work.map(({ company }) => company)];
  return planted.filter((fact) => !compact.includes(withoutBlanks(fact)));
}

/** Pages whose word is not there, or not after that of the page before. */
export function missingPages(text: string, { words }: Pick<LongDocument, 'words'>): readonly string[] {
  let from = 0;
  return words.filter((word) => {
    const at = text.indexOf(word, from);
    if (at >= 0) from = at + word.length;
    return at < 0;
  });
}

const withoutBlanks = (text: string): string => text.normalize('NFKC').replace(/\s/g, '');
