import { LoomError } from '@loomgraph/core';
import type { Transporter } from 'nodemailer';
import type { Mailer } from '../domain/ports.js';

const TIMEOUT_MS = 10_000;

/** Sends through an SMTP server: `smtp://user:password@host:587` (STARTTLS where it is offered) or `smtps://…:465`. */
export interface SmtpMailer extends Mailer {
  close(): void;
}

export function createSmtpMailer({ url, from }: { readonly url: string; readonly from: string }): SmtpMailer {
  let transport: Promise<Transporter> | undefined;
  // Loaded when the first mail goes out.
  const open = async (): Promise<Transporter> => {
    const { createTransport } = await import('nodemailer');
    const options = {
      url,
      pool: true as const,
      maxConnections: 3,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      // A mail has no attachments: nothing is read from files or fetched for it.
      disableFileAccess: true,
      disableUrlAccess: true,
    };
    return createTransport(options);
  };
  return {
    async send({ to, subject, text }) {
      try {
        const mailer = await (transport ??= open());
        await mailer.sendMail({ from, to: { name: '', address: to }, subject, text });
      } catch (cause) {
        throw new LoomError('MAIL_UNAVAILABLE', 'The mail server does not take mails; ask again later.', { cause });
      }
    },
    close() {
      void transport?.then((mailer) => mailer.close());
    },
  };
}
