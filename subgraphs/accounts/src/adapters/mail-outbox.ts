import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@loomgraph/telemetry';
import type { Clock } from '@loomgraph/core';
import type { Mail, Mailer } from '../domain/ports.js';

/** The newest that are kept. */
const KEPT = 100;

export interface OutboxMail extends Mail {
  readonly at: string;
}

/** Where mails go while no server for them is configured: the newest 100, for people and tests. */
export interface MailOutbox extends Mailer {
  readonly mails: readonly OutboxMail[];
}

/**
 * Keeps mails in `outbox.jsonl` of the data folder, readable by its owner only, and tells of each in the log.
 * @param options.file undefined keeps them in memory alone
 * @param options.showTokens whether the log shows the token as well: in development, never in production
 */
export function createMailOutbox(options: {
  readonly dataDir: string | undefined;
  readonly showTokens: boolean;
  readonly logger: Logger;
  readonly clock: Clock;
}): MailOutbox {
  const { dataDir, showTokens, logger, clock } = options;
  const mails: OutboxMail[] = [];
  let writing: Promise<void> = Promise.resolve();
  const write = async (dir: string, mail: OutboxMail): Promise<void> => {
    await mkdir(dir, { recursive: true });
    const file = join(dir, 'outbox.jsonl');
    const lines = (await readFile(file, 'utf8').catch(absent)).split('\n').filter((line) => line !== '');
    const text = [...lines, JSON.stringify(mail)].slice(-KEPT).join('\n');
    await writeFile(`${file}.new`, `${text}\n`, { mode: 0o600 });
    await chmod(`${file}.new`, 0o600); // a file that was there keeps its mode otherwise
    await rename(`${file}.new`, file);
  };
  return {
    mails,
    async send(mail) {
      const kept = { at: clock.now().toISOString(), ...mail };
      mails.push(kept);
      mails.splice(0, mails.length - KEPT);
      // One at a time: each reads what the one before wrote.
      if (dataDir !== undefined) await (writing = writing.catch(() => undefined).then(() => write(dataDir, kept)));
      logger.info('No mail server is configured (SMTP_URL): a mail stays here.', {
        kind: mail.kind,
        ...(showTokens
          ? {
              to: mail.to,
              ...(mail.token === undefined ? {} : { link: mail.text.split('\n').find((line) => line.includes(mail.token ?? '')) }),
            }
          : {}),
      });
    },
  };
}

function absent(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}
