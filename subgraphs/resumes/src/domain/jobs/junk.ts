import { evidenceIn, type Evidence, type Source } from '../suggestions/evidence.js';
import { asksForNothing } from '../suggestions/local-analyser.js';
import type { Requirement } from '../suggestions/requirement.js';
import type { WordCutter } from '../understanding/skills.js';
import { linesOf, type Span } from '../understanding/text.js';

export const junkKinds = ['nothing-asked', 'stuffed', 'repeated', 'shouting', 'chat-contact'] as const;
export type JunkKind = (typeof junkKinds)[number];

/** Why a posting is no offer that somebody should be shown first. */
export interface JunkSign {
  readonly kind: JunkKind;
  readonly evidence: Evidence<'job'>;
}

/** So many skills in so little text are there to be found, not to be had: honest lists of twenty stand in a page of text. */
const STUFFED_SKILLS = 25;
const CHARACTERS_A_SKILL = 30;
/** A word that is said so often, and is so much of all that is said. */
const REPEATED_TIMES = 12;
const REPEATED_PART = 0.2;
/** Words of four letters and more, so that names such as AWS or HTML are no shouting. */
const SHOUTED_WORDS = 12;
const SHOUTED_PART = 0.7;

/** A way to reach somebody that leaves the platform. Not the name of a product alone: people build bots for Telegram and pages for 微信. */
const CHAT: readonly RegExp[] = [
  /(?:加|添加|联系|私聊|咨询)(?:我|人事|客服|HR)?(?:的)?(?:微信|QQ|薇信|电报|V信)/giu,
  /(?:微信|薇信|V信|WeChat|微信号|QQ|QQ群?号?)(?:号|群| ?ID)?\s*[:：]\s*[\w-]{5,}/giu,
  /\b(?:contact|message|text|add|reach|dm|write|ping)\s+(?:to\s+)?(?:me|us|hr|our \w+)\b.{0,20}\b(?:whats\s?app|telegram|wechat|qq|line|viber)\b/giu,
  /\b(?:whats\s?app|telegram|viber)\s*(?:me\b|us\b|only\b|[:：]?\s*(?:\+?\d[\d\s-]{6,}|@\w{4,}))/giu,
  /\b(?:t\.me|wa\.me)\/\S+/giu,
];

/** What makes a posting junk, each with the words that do. @param requirements what was read in it */
export function junkSigns(job: Source<'job'>, requirements: readonly Requirement[], cut: WordCutter): readonly JunkSign[] {
  const [title] = linesOf(job.text);
  if (!title) return [];
  const found: readonly (readonly [JunkKind, readonly Span[]])[] = [
    ['nothing-asked', asksForNothing(requirements, job) ? [title] : []],
    ['stuffed', stuffed(job.text, requirements)],
    ['repeated', repeated(job.text, cut)],
    ['shouting', shouted(job.text)],
    ['chat-contact', CHAT.flatMap((pattern) => spansOf(pattern, job.text))],
  ];
  return found.flatMap(([kind, spans]) => (spans.length === 0 ? [] : [{ kind, evidence: evidenceIn(job, spans) }]));
}

function stuffed(text: string, requirements: readonly Requirement[]): readonly Span[] {
  const skills = requirements.flatMap(({ asked, evidence }) => (asked.kind === 'skill' ? asked.anyOf.map(() => evidence[0]) : []));
  return skills.length >= STUFFED_SKILLS && text.length < skills.length * CHARACTERS_A_SKILL ? skills : [];
}

function repeated(text: string, cut: WordCutter): readonly Span[] {
  const places = new Map<string, Span[]>();
  let words = 0;
  for (const run of text.matchAll(/\p{Script=Han}+|[\p{L}\p{N}+#]+/gu)) {
    let at = run.index;
    for (const word of /^\p{Script=Han}/u.test(run[0]) ? cut(run[0]) : [run[0]]) {
      // A word of one character says nothing by itself: 的, a.
      if (word.length > 1) {
        words += 1;
        const key = word.toLowerCase();
        const known = places.get(key) ?? [];
        known.push({ start: at, end: at + word.length });
        places.set(key, known);
      }
      at += word.length;
    }
  }
  const most = [...places.values()].reduce<readonly Span[]>((a, b) => (b.length > a.length ? b : a), []);
  return most.length >= REPEATED_TIMES && most.length >= words * REPEATED_PART ? most : [];
}

function shouted(text: string): readonly Span[] {
  const words = spansOf(/(?<![\p{L}\p{N}])\p{Script=Latin}{4,}(?![\p{L}\p{N}])/gu, text);
  const loud = words.filter(({ start, end }) => text.slice(start, end) === text.slice(start, end).toUpperCase());
  return loud.length >= SHOUTED_WORDS && loud.length >= words.length * SHOUTED_PART ? loud : [];
}

const spansOf = (pattern: RegExp, text: string): readonly Span[] =>
  [...text.matchAll(pattern)].map(({ index, 0: hit }) => ({ start: index, end: index + hit.length }));
