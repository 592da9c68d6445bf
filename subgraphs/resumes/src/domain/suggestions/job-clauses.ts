import { bareHeading } from '../understanding/sections.js';
import { linesOf, type Line } from '../understanding/text.js';
import type { Importance } from './requirement.js';

/** A part of a job's text that says one thing. */
export interface Clause extends Line {
  readonly part: JobPart;
  /** What is asked for under its heading, where no word beside it says otherwise. */
  readonly importance: Importance;
}

/** The title is the first line of the text; `plain` is what stands under no heading. */
export type JobPart = 'title' | 'plain' | 'required' | 'preferred' | 'duties' | 'other';

/** Headings as `bareHeading` has them. What is under `other` asks for nothing. */
const HEADINGS: readonly (readonly [JobPart, RegExp])[] = [
  [
    'preferred',
    /^(?:preferred(?:qualifications?|skills|experience|requirements)?|nicetohaves?|desired(?:qualifications?|skills|experience)?|bonus(?:points)?|pluses|goodtohave|itsaplusif.*|加分项?|优先(?:条件|考虑|项)?)$/u,
  ],
  [
    'required',
    /^(?:(?:job|minimum|basic|required|key|essential)?(?:requirements?|qualifications?|skills|criteria)|skillsandexperience|experienceandskills|qualificationsandskills|requiredskillsandexperience|musthaves?|whatyou(?:ll|will)?(?:need|bring|have)|whatwerelookingfor|whatwelookfor|whoyouare|aboutyou|youhave|(?:任职|岗位|职位|招聘|技能|基本|能力)?(?:要求|资格|条件)|任职资格|我们希望你|希望你|你需要具备|必备(?:条件|技能)?)$/u,
  ],
  [
    'duties',
    /^(?:(?:key)?responsibilities|whatyou(?:ll|will)?do|therole|yourrole|aboutthe(?:role|job|position)|(?:job|role)description|duties|dutiesandresponsibilities|rolesandresponsibilities|(?:岗位|工作|职位|主要)?职责(?:描述)?|(?:岗位|职位|工作)描述|工作内容|你将负责|你要做的事?)$/u,
  ],
  [
    'other',
    /^(?:(?:(?:perks|compensation|salary|pay)and)?benefits?|perks|benefitsandperks|whatweoffer|weoffer|about(?:us|the(?:company|team)|ourcompany)|compensation|salary|howtoapply|equalopportunity.*|whyjoinus|whyus|(?:薪酬|薪资|公司|员工)?福利(?:待遇)?|薪资(?:待遇)?|(?:公司|企业|团队)(?:简介|介绍)|关于我们|我们(?:提供|能提供)|联系方式|工作(?:地点|地址|时间))$/u,
  ],
];
/** Between what is said and what is said next; in Chinese a comma is one, too (full width is gone: texts are NFKC). */
const BREAK = /[。;!?]|\.(?=\s+\p{Lu}|\s*$)|(?<=\p{Script=Han}[)"]?),|,(?=\s*\p{Script=Han})/gu;
/** A sentence without an end is cut: what is near is looked for in one clause. */
const LONGEST_CLAUSE = 1_000;

const MARK =
  /(优先|加分|更佳|最好|preferred|preferably|nice[ -]to[ -]have|good to have|(?:a|an) (?:\w+ )?(?:plus|bonus|advantage|asset)\b|bonus points?|desirable|desired|ideally|advantageous|not required|optional)|(required|must\b|mandatory|essential|at least|minimum|必须|必备|至少)/giu;

/** A job's text cut into clauses, without its headings and without what asks for nothing. */
export function clausesOf(text: string): readonly Clause[] {
  const [title, ...lines] = linesOf(text);
  if (!title) return [];
  let part: JobPart = 'plain';
  const placed: { readonly line: Line; readonly part: JobPart }[] = [{ line: title, part: 'title' }];
  for (const line of lines) {
    const { heading, rest } = headed(line);
    part = heading ?? part;
    if (rest) placed.push({ line: rest, part });
  }
  // Where a job says what it requires, what it lets people do is less than that.
  const hasRequired = placed.some((one) => one.part === 'required');
  const importanceOf = (of: JobPart): Importance => (of === 'preferred' || (of === 'duties' && hasRequired) ? 'preferred' : 'required');
  return placed
    .filter((one) => one.part !== 'other')
    .flatMap(({ line, part: of }) => cut(line).map((clause) => ({ ...clause, part: of, importance: importanceOf(of) })));
}

/** Items of a list: `Java, Go and Kubernetes preferred`. What is longer is a statement of its own, which the end of the next says nothing about. */
const LONGEST_ITEM_WORDS = 3;

/** How much is asked for what stands at a position: the nearest word that says it, those after it first; else as its clause. */
export function importanceAt({ text, start, importance }: Clause, position: number): Importance {
  const at = position - start;
  let nearest: { readonly commas: number; readonly importance: Importance } | undefined;
  for (const mark of text.matchAll(MARK)) {
    const isAfter = mark.index >= at;
    const items = (isAfter ? text.slice(itemAt(text, at), mark.index) : text.slice(mark.index + mark[0].length, at)).split(COMMA);
    const isOfList = items.slice(0, -1).every((item) => item.trim().split(/\s+/).length <= LONGEST_ITEM_WORDS);
    if (!isAfter || (isOfList && (!nearest || items.length <= nearest.commas)))
      nearest = { commas: items.length, importance: mark[1] === undefined ? 'required' : 'preferred' };
    if (isAfter) break;
  }
  return nearest?.importance ?? importance;
}

const COMMA = /[,、]/;

/** Where the item begins that a position is in. */
const itemAt = (text: string, at: number): number => Math.max(text.lastIndexOf(',', at - 1), text.lastIndexOf('、', at - 1)) + 1;

/** A heading may have what belongs to it in the same line: `任职要求:本科以上`. */
function headed(line: Line): { readonly heading: JobPart | undefined; readonly rest: Line | undefined } {
  const own = partNamed(line.text);
  if (own) return { heading: own, rest: undefined };
  const colon = line.text.indexOf(':');
  const heading = colon === -1 ? undefined : partNamed(line.text.slice(0, colon));
  if (!heading) return { heading: undefined, rest: line };
  const text = line.text.slice(colon + 1);
  return { heading, rest: { text, start: line.start + colon + 1, end: line.end } };
}

function partNamed(text: string): JobPart | undefined {
  const bare = bareHeading(text);
  return bare === undefined ? undefined : HEADINGS.find(([, names]) => names.test(bare))?.[0];
}

function cut({ text, start }: Line): readonly Line[] {
  const clauses: Line[] = [];
  const add = (from: number, to: number): void => {
    for (let at = from; at < to; at += LONGEST_CLAUSE) {
      const end = Math.min(at + LONGEST_CLAUSE, to);
      clauses.push({ text: text.slice(at, end), start: start + at, end: start + end });
    }
  };
  let from = 0;
  for (const { index, 0: mark } of text.matchAll(BREAK)) {
    add(from, index);
    from = index + mark.length;
  }
  add(from, text.length);
  return clauses.filter((clause) => clause.text.trim() !== '');
}
