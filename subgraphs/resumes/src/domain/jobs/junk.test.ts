import { postingOf } from '../../../test/support/postings.js';
import { CHINESE_JOB, ENGLISH_JOB } from '../../../test/support/suggestion-texts.js';

const kinds = (text: string): readonly string[] => postingOf(text).reading.junk.map(({ kind }) => kind);
const SKILLS =
  'Java, Python, Go, Rust, Kotlin, Scala, React, Vue, Angular, Django, Flask, Spring Boot, MySQL, PostgreSQL, MongoDB, Redis, Kafka, RabbitMQ, Docker, Kubernetes, AWS, Azure, GCP, Terraform, Ansible, Jenkins, Linux, Git, Spark, Flink, Hadoop';

describe('R5 junk postings', () => {
  it.each([
    ['a job', ENGLISH_JOB],
    ['a job in Chinese', CHINESE_JOB],
    [
      'a long list of skills in a page of text',
      `Engineer\n${`We look for somebody who cares about what they build. `.repeat(20)}\n${SKILLS}`,
    ],
    [
      'names of technologies in capitals',
      'Engineer\nAWS, HTML, CSS, SQL, PHP, REST, JSON, HTTP, XML, YAML, SAP, ERP, CRM, GCP, LLVM, CUDA and some years of experience with Java',
    ],
    ['products that are chats', '小程序工程师\n任职要求：熟悉微信小程序，熟悉微信支付\nBuild our Telegram and WhatsApp bots in Java'],
    ['a way to apply by mail', 'Engineer\nJava required. Contact us at jobs@example.com'],
  ])('%s is none', (_what, text) => {
    expect(kinds(text)).toEqual([]);
  });

  it.each([
    ['nothing-asked', 'Senior Java Engineer\nGreat pay. Start today. No questions.'],
    ['nothing-asked', '诚聘英才\n月入过万，轻松日结，名额有限。'],
    ['stuffed', `Engineer\n${SKILLS}`],
    ['repeated', `Sales\n${'money '.repeat(30)}Excel and Salesforce`],
    ['repeated', `客服\n要求熟悉Excel\n${'高薪招聘，'.repeat(30)}`],
    ['shouting', 'ENGINEER\nMAKE MONEY FAST WITH JAVA FROM YOUR HOME WITHOUT EVER LEAVING YOUR COUCH TODAY CALL NOW AND START EARNING'],
    ['chat-contact', 'Engineer\nJava. Message me on WhatsApp for the interview'],
    ['chat-contact', 'Engineer\nJava. Telegram: @quickjobs'],
    ['chat-contact', '工程师\n熟悉Java，有意请加微信详谈'],
    ['chat-contact', '工程师\n熟悉Java，微信号：abc12345'],
  ])('%s: %j', (kind, text) => {
    expect(kinds(text)).toContain(kind);
  });

  it('each sign has its words', () => {
    const text = '工程师\n熟悉Java，微信号：abc12345';
    const [sign] = postingOf(text).reading.junk;
    expect(sign?.evidence[0]).toEqual({ source: 'job', start: 11, end: 23, quote: '微信号:abc12345' });
  });
});
