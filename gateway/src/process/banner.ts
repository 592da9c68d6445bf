import type { ProcessConfig } from './config.js';
import type { DemoOutcome } from './demo.js';

/** What a person sees when it is ready: where things are, and what backs them. */
export function readyBanner(options: {
  url: string;
  config: ProcessConfig;
  demo: DemoOutcome;
  /** The file with the password of the administrator that this start made. */
  administratorFile: string | undefined;
}): string {
  const { url, config, demo, administratorFile } = options;
  const { urls, dataDir } = config.stores;
  const lines: [string, string][] = [
    ['GraphQL', `${url}/graphql  (open it in a browser to run a query)`],
    ['REST', `${url}/api/docs`],
    ['health', `${url}/health/ready`],
    ['metrics', `${url}/metrics`],
    ['data', dataDir],
    [
      'stores',
      [
        `record ${urls.relational ? scheme(urls.relational) : 'PGlite'}`,
        `vectors ${urls.postgres ? 'PostgreSQL' : 'PGlite'}`,
        `graph ${urls.neo4j ? 'Neo4j' : 'PGlite'}`,
        `cache ${urls.redis ? 'Redis' : 'in process'}`,
        `events ${urls.kafka ? 'Kafka' : urls.redis ? 'Redis Streams' : 'in process'}`,
        `objects ${urls.s3 ? 'S3' : 'folder'}`,
      ].join(', '),
    ],
    [
      'embeddings',
      config.ai.apiKey || config.ai.baseUrl
        ? `${config.ai.model} (semantic)`
        : 'loom-lexical (compares words, not meaning; set OPENAI_API_KEY for meaning)',
    ],
    ...(demo.loaded > 0 ? ([['demo data', `${demo.loaded} templates in ${(demo.ms / 1000).toFixed(1)} s`]] as [string, string][]) : []),
    ...(administratorFile === undefined
      ? []
      : ([['sign-in', `${config.accounts.administrator.email ?? 'admin@localhost'}, password in ${administratorFile}`]] as [
          string,
          string,
        ][])),
    ['token', 'npm run token -- --user 1 --role admin'],
    ['memory', `${Math.round(process.memoryUsage().rss / 1024 / 1024)} MB`],
  ];
  const seconds = process.uptime().toFixed(1);
  return `\nLoomgraph is ready after ${seconds} s\n${lines.map(([name, value]) => `  ${name.padEnd(10)}  ${value}`).join('\n')}\n\nCtrl-C stops it.\n`;
}

const scheme = (url: string): string => (url.startsWith('mariadb:') ? 'MariaDB' : 'MySQL');
