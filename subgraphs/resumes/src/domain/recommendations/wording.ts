import type { WorkMode } from '../jobs/job.js';
import type { Language } from '../suggestions/wording.js';
import { ELSEWHERE_CAP, JUNK_CAP, LANGUAGE_CAP, type NoteKind } from './note.js';

export interface NoteFacts {
  readonly jobPlace: string;
  readonly resumePlace: string;
  readonly workMode: WorkMode;
  /** What is required and not shown, as assessments call it. */
  readonly language: string;
}

/** What is said of each kind of note. */
export const noteTexts: Readonly<Record<Language, Readonly<Record<NoteKind, (facts: NoteFacts) => string>>>> = {
  zh: {
    'same-place': ({ jobPlace }) => `职位和简历都在${jobPlace}。`,
    elsewhere: ({ jobPlace, resumePlace, workMode }) =>
      `职位在${jobPlace}${workMode === 'hybrid' ? '部分时间现场办公' : '现场办公'}，简历写的是${resumePlace}：匹配分不超过 ${ELSEWHERE_CAP} 分。`,
    language: ({ language }) => `职位要求${language}，简历没有体现：匹配分不超过 ${LANGUAGE_CAP} 分。`,
    duplicate: () => `发布者之前发布过内容相同的职位，这是重复的一条：匹配分不超过 ${JUNK_CAP} 分。`,
    'nothing-asked': () => `除标题外没有写出任何要求，无法比较：匹配分不超过 ${JUNK_CAP} 分。`,
    stuffed: () => `文字很短却堆砌了大量技能关键词：匹配分不超过 ${JUNK_CAP} 分。`,
    repeated: () => `反复堆砌同一个词：匹配分不超过 ${JUNK_CAP} 分。`,
    shouting: () => `通篇大写：匹配分不超过 ${JUNK_CAP} 分。`,
    'chat-contact': () => `要求通过聊天软件私下联系：匹配分不超过 ${JUNK_CAP} 分。`,
  },
  en: {
    'same-place': ({ jobPlace }) => `The job and the resume are both in ${jobPlace}.`,
    elsewhere: ({ jobPlace, resumePlace, workMode }) =>
      `The work is done in ${jobPlace}${workMode === 'hybrid' ? ' on some days' : ''}, and the resume is of somebody in ${resumePlace}: the score is at most ${ELSEWHERE_CAP}.`,
    language: ({ language }) => `The job requires ${language}, of which the resume shows nothing: the score is at most ${LANGUAGE_CAP}.`,
    duplicate: () => `Whoever posted it has posted the same text before: the score of this copy is at most ${JUNK_CAP}.`,
    'nothing-asked': () => `Beside its title the posting asks for nothing that can be compared: the score is at most ${JUNK_CAP}.`,
    stuffed: () => `The posting piles up names of skills in very little text: the score is at most ${JUNK_CAP}.`,
    repeated: () => `The posting repeats one word over and over: the score is at most ${JUNK_CAP}.`,
    shouting: () => `The posting is written in capitals throughout: the score is at most ${JUNK_CAP}.`,
    'chat-contact': () => `The posting wants to be reached by a chat outside: the score is at most ${JUNK_CAP}.`,
  },
};
