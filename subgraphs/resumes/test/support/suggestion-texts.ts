import { cutWords } from '../../src/adapters/word-cutter.js';
import { analyse } from '../../src/domain/understanding/analyse.js';
import { toText } from '../../src/domain/understanding/text.js';
import type { UnderstoodResume } from '../../src/domain/suggestions/compare.js';
import type { Source } from '../../src/domain/suggestions/evidence.js';
import { createLocalAnalyser } from '../../src/domain/suggestions/local-analyser.js';

export const ENGLISH_RESUME = `Ann Example
Senior Backend Engineer
ann@example.com | Berlin, DE
WORK EXPERIENCE
Acme Technologies Inc.    Mar 2019 – Dec 2023
Senior Software Engineer
- Built microservices in Java with Kafka and PostgreSQL
Globex Corporation    06/2016 - 02/2019
Software Engineer
- Maintained Spring Boot services
EDUCATION
University of California, Berkeley
B.S. in Computer Science    2012 - 2016
SKILLS
Java, Go, Docker, Redis
LANGUAGES
English (Native), German (Basic)`;

export const ENGLISH_JOB = `Senior Java Engineer
About us
We have 20 years of experience in PHP and love Ruby.
What you'll do
Run services on AWS.
Requirements
- 5+ years of experience with Java, Kubernetes is a plus
- Experience in Go or Rust
- Kafka, PostgreSQL, Docker
- Bachelor's degree required, Master's preferred
- Fluent English
Nice to have
- German (fluent)
- Terraform
Benefits
Free Excel courses.`;

export const CHINESE_RESUME = `张三
求职意向：后端工程师
手机：138 0013 8000
专业技能
Java、MySQL、Redis、微服务
工作经历
2019.03 - 2022.02  字节跳动科技有限公司  后端工程师
• 使用Java和Kafka负责推荐系统后端开发
教育背景
2015.09 - 2019.06    浙江大学    计算机科学与技术    本科
语言能力
英语（CET-4）`;

export const CHINESE_JOB = `高级后端工程师
岗位职责：
负责微服务架构设计
任职要求：
1、本科及以上学历，硕士优先；
2、五年以上后端开发经验，精通Java，熟悉MySQL、Redis；
3、熟悉Kafka、RocketMQ之一；
4、英语六级，普通话流利；
5、有Kubernetes经验者优先
公司福利：
提供Python培训`;

const now = new Date('2026-01-15T00:00:00Z');

export function resumeOf(lines: string): UnderstoodResume {
  const text = toText(lines.split('\n'));
  return { name: 'resume', text, analysis: analyse(text, { cut: cutWords, now }) };
}

export const jobOf = (lines: string): Source<'job'> => ({ name: 'job', text: toText(lines.split('\n')) });

export const assess = (resume: string, job: string, locale = 'en') =>
  createLocalAnalyser({ cut: cutWords }).assess({ resume: resumeOf(resume), job: jobOf(job), locale }, new AbortController().signal);
