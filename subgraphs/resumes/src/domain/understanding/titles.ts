/** Words that make a phrase the name of a position. */
export const TITLE =
  /\b(?:engineer|developer|programmer|manager|director|intern|architect|analyst|designer|consultant|scientist|administrator|researcher|specialist|coordinator|accountant|teacher|lecturer|officer|head of|vp|president|lead|recruiter|assistant|associate|representative|nurse|editor|writer|tester|technician|founder|cto|ceo|cfo|supervisor|advisor|strategist|planner|operator|controller)\b|工程师|经理|总监|主管|实习生|架构师|专家|设计师|分析师|顾问|专员|助理|负责人|研究员|程序员|开发者|会计|教师|讲师|顾问|组长|总裁|创始人|主任|科学家|编辑|文员|销售代表|首席/i;

/** What tells a company, a school or another body from a position. */
export const ORGANISATION =
  /\b(?:inc|ltd|llc|corp|corporation|company|co|gmbh|plc|group|labs?|technologies|technology|systems|solutions|bank|hospital|university|college|institute|studio|agency|holdings|partners|ventures|media)\b\.?|公司|集团|科技|银行|医院|研究院|研究所|事务所|中心|工作室|大学|学院|有限|股份|网络|信息技术/i;

export const seniorities = ['intern', 'junior', 'mid', 'senior', 'lead', 'manager', 'director', 'executive'] as const;
export type Seniority = (typeof seniorities)[number];

const words: readonly (readonly [Seniority, RegExp])[] = [
  ['executive', /\b(?:cto|ceo|cfo|coo|cio|chief|vp|vice president|president|founder)\b|总裁|副总|首席|创始人|总经理/i],
  ['director', /\b(?:director|head of)\b|总监/i],
  ['manager', /\bmanager\b|经理|主管|主任/i],
  ['lead', /\b(?:lead|principal|staff|architect|tech lead)\b|架构师|负责人|组长|技术专家|资深专家/i],
  ['senior', /\b(?:senior|sr\.?)(?=\s|$)|高级|资深/i],
  ['junior', /\b(?:junior|jr\.?|graduate|trainee|entry[- ]level)(?=\s|$)|初级|应届|助理/i],
  ['intern', /\bintern(?:ship)?\b|实习/i],
];
/** Positions that have the word of a rank they are not: they manage a product, not people. */
const NOT_OF_PEOPLE = /\b(?:product|project|account|community|content) manager\b|(?:产品|项目|客户)经理/i;

/** The rank that a position names; undefined where it names none. */
export function seniorityOf(position: string): Seniority | undefined {
  const rank = words.find(([, pattern]) => pattern.test(position))?.[0];
  if (rank !== 'manager' || !NOT_OF_PEOPLE.test(position)) return rank;
  return words.find(([name, pattern]) => name !== 'manager' && pattern.test(position))?.[0];
}

/** The rank that goes with years of experience where no position says it. */
export function seniorityByYears(years: number): Seniority {
  if (years < 2) return 'junior';
  return years < 5 ? 'mid' : 'senior';
}
