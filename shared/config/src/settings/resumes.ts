import { z } from 'zod';
import type { ConfigRule } from '../define-config.js';
import { byteSize, duration, text, url } from '../primitives.js';
import { setting } from '../setting.js';
import type { providerSettings } from './ai.js';

/** Files of resumes, and who says how they fit jobs; read by whoever runs the resumes subgraph. */
export const resumesSettings = {
  maxFileBytes: setting({
    env: 'RESUME_MAX_FILE_SIZE',
    schema: byteSize({ minBytes: 1_024, maxBytes: 100 * 1024 * 1024 }),
    default: '10mb',
    doc: 'Largest file of a resume. Up to four are held in memory at once while they are checked.',
  }),
  uploadTtlMs: setting({
    env: 'RESUME_UPLOAD_TTL',
    schema: duration({ minMs: 10_000 }),
    default: '15m',
    doc: 'How long the URL to upload a file to can be used, and how much longer again the upload can be completed.',
  }),
  downloadTtlMs: setting({
    env: 'RESUME_DOWNLOAD_TTL',
    schema: duration({ minMs: 1_000 }),
    default: '5m',
    doc: 'How long the URL to download a file from can be used.',
  }),
  backupMaxBytes: setting({
    env: 'RESUME_BACKUP_MAX_SIZE',
    schema: byteSize({ minBytes: 1_024, maxBytes: 2_000 * 1024 * 1024 }),
    default: '500mb',
    doc: 'Most that the files of one backup of resumes may have together. An archive is copied to the disk of the process (the folder for temporary files) while it is restored.',
  }),
  backupTtlMs: setting({
    env: 'RESUME_BACKUP_TTL',
    schema: duration({ minMs: 60_000 }),
    default: '30d',
    doc: 'How long backups of resumes are kept.',
  }),
  scannerUrl: setting({
    env: 'CLAMAV_URL',
    schema: url('tcp').optional(),
    doc: 'A ClamAV daemon that scans every uploaded file, tcp://HOST:3310. Not set: files are not scanned.',
  }),
  analyser: {
    kind: setting({
      env: 'RESUME_ANALYSER',
      schema: z.enum(['local', 'openai']).optional(),
      doc: 'Who says how resumes fit jobs: local (rules, nothing leaves the installation) or openai (a language model of the provider, which gets the text of the resume and of the job). Not set: openai where OPENAI_API_KEY is set, else local.',
    }),
    model: setting({
      env: 'OPENAI_CHAT_MODEL',
      schema: text(),
      default: 'gpt-4.1-mini',
      doc: 'Language model of the provider; it must take a JSON schema for its answer, and a temperature.',
    }),
    timeoutMs: setting({
      env: 'OPENAI_CHAT_TIMEOUT',
      schema: duration({ minMs: 1_000, maxMs: 600_000 }),
      default: '60s',
      doc: 'How long one answer of the language model may take.',
    }),
  },
} as const;

type ResumesShape = { readonly resumes: typeof resumesSettings; readonly ai: typeof providerSettings };

/** What settings of resumes ask of others; for every process that has them as `resumes`, and the provider's as `ai`. */
export const resumesRules: readonly ConfigRule<ResumesShape>[] = [
  ({ resumes: { analyser }, ai }) =>
    analyser.kind === 'openai' && ai.apiKey === undefined && ai.baseUrl === undefined
      ? 'RESUME_ANALYSER: is openai, and there is neither OPENAI_API_KEY nor the OPENAI_BASE_URL of a provider that asks for no key; set one of them, or RESUME_ANALYSER=local'
      : undefined,
];
