import type { Clock } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import type { Mailer } from '../domain/ports.js';
import { createMailOutbox, type OutboxMail } from './mail-outbox.js';
import { createSmtpMailer } from './smtp-mailer.js';

export type { OutboxMail } from './mail-outbox.js';

export interface MailOptions {
  /** `smtp://` or `smtps://`; undefined keeps mails in the data folder. */
  readonly smtpUrl: string | undefined;
  readonly from: string;
  /** The website that mails link to. */
  readonly webUrl: string | undefined;
  /** Undefined keeps mails in memory alone. */
  readonly dataDir: string | undefined;
  /** Whether tokens may be shown in the log. */
  readonly showTokens: boolean;
}

export interface OpenMailer extends Mailer {
  /** What was not sent for want of a server. */
  readonly mails: readonly OutboxMail[];
  close(): void;
}

export function openMailer(options: MailOptions, deps: { readonly logger: Logger; readonly clock: Clock }): OpenMailer {
  if (options.smtpUrl !== undefined) return { ...createSmtpMailer({ url: options.smtpUrl, from: options.from }), mails: [] };
  const { dataDir, showTokens } = options;
  const { send, mails } = createMailOutbox({ dataDir, showTokens, ...deps });
  return { send, mails, close: () => undefined };
}
