import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { createSmtpMailer } from '../src/adapters/smtp-mailer.js';
import { openAccounts, PASSWORD, type OpenAccounts } from './support/open-accounts.js';

interface Received {
  readonly to: readonly string[];
  readonly text: string;
}

/** A mail server of this machine that keeps what it gets. */
async function startMailServer() {
  const mails: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(parts).toString('utf8') });
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** A database is made, which takes long on a busy machine. */
const OPENING_MS = 120_000;
const REGISTER = `mutation($input: RegisterInput!) { register(input: $input) { email } }`;

/** The text of a mail with one part, however it is encoded. */
function bodyOf({ text }: Received): string {
  const [head = '', body = ''] =
    text.split('\r\n\r\n').length > 1 ? [text.slice(0, text.indexOf('\r\n\r\n')), text.slice(text.indexOf('\r\n\r\n') + 4)] : [];
  if (/Content-Transfer-Encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  const joined = body.replaceAll('=\r\n', '');
  const bytes = joined.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

describe('mails', () => {
  let first: OpenAccounts;
  beforeAll(async () => {
    first = await openAccounts();
  }, OPENING_MS);
  afterAll(() => first[Symbol.asyncDispose]());
  const open = (options: Parameters<typeof openAccounts>[0]) => openAccounts({ ...options, stores: first.stores });

  it(
    'go out by SMTP, in the language of their user, with a link into the website',
    async () => {
      await using server = await startMailServer();
      const env = { SMTP_URL: server.url, MAIL_FROM: 'Loom <loom@example.com>', WEB_URL: 'https://www.example.com/' };
      await using app = await open({ env });
      await app.data(REGISTER, { input: { email: 'ada@example.com', password: PASSWORD, locale: 'EN' } });
      await app.data(REGISTER, { input: { email: 'bo@example.com', password: PASSWORD, displayName: '小波' } });
      await app.subgraph.idle();
      expect(app.subgraph.outbox).toEqual([]);
      const english = server.mails.find(({ to }) => to[0] === 'ada@example.com');
      const chinese = server.mails.find(({ to }) => to[0] === 'bo@example.com');
      if (!english || !chinese) throw new Error(JSON.stringify(server.mails));
      expect(english.text).toContain('From: Loom <loom@example.com>');
      expect(english.text).toContain('Subject: Confirm your e-mail address');
      expect(bodyOf(chinese)).toContain('小波,您好');
      const [, token = ''] = /https:\/\/www\.example\.com\/verify-email#token=([\w-]{43})/.exec(bodyOf(english)) ?? [];
      const { verifyEmail } = await app.data(`mutation($token: String!) { verifyEmail(token: $token) { user { email } } }`, { token });
      expect(verifyEmail.user.email).toBe('ada@example.com');
    },
    OPENING_MS,
  );

  it(
    'a server that is away costs nobody an answer, and its error names no password',
    async () => {
      await using app = await open({ env: { SMTP_URL: 'smtp://user:hunter2@127.0.0.1:1' } });
      expect((await app.data(REGISTER, { input: { email: 'away@example.com', password: PASSWORD } })).register.email).toBe(
        'away@example.com',
      );
      await app.subgraph.idle();
      const log = JSON.stringify(app.logger.lines);
      expect(log).toContain('Work in the background failed.');
      expect(log).not.toContain('hunter2');
      const mail = { to: 'a@example.com', kind: 'verify-email', locale: 'en', subject: 's', text: 't' } as const;
      const mailer = createSmtpMailer({ url: 'smtp://127.0.0.1:1', from: 'x@example.com' });
      await expect(mailer.send(mail)).rejects.toMatchObject({ code: 'MAIL_UNAVAILABLE' });
      mailer.close();
    },
    OPENING_MS,
  );

  it(
    'an address is one recipient, whatever it looks like',
    async () => {
      await using server = await startMailServer();
      await using app = await open({ env: { SMTP_URL: server.url } });
      for (const email of ['a@example.com, b@example.com', 'a@example.com\r\nBcc: b@example.com', '"x" <b@example.com>', 'a@exa mple.com'])
        expect((await app.refusal(REGISTER, { input: { email, password: PASSWORD } })).code).toBe('BAD_USER_INPUT');
      expect(server.mails).toEqual([]);
    },
    OPENING_MS,
  );

  it(
    'stay in the data folder where no server is configured: the newest hundred, for their owner alone',
    async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'loomgraph-mail-'));
      try {
        await using app = await open({ dataDir });
        for (let n = 0; n < 103; n++)
          await app.data(`mutation { register(input: { email: "user${n}@example.com", password: "${PASSWORD}" }) { email } }`);
        await app.subgraph.idle();
        const file = join(dataDir, 'outbox.jsonl');
        const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
        const mails = lines.map((line) => JSON.parse(line) as { to: string; token: string });
        expect(mails).toHaveLength(100);
        expect(new Set(mails.map(({ to }) => to)).size).toBe(100);
        expect((await stat(file)).mode & 0o777).toBe(0o600);
        expect(mails[0]?.token).toMatch(/^[\w-]{43}$/);
      } finally {
        await rm(dataDir, { recursive: true, force: true });
      }
    },
    OPENING_MS,
  );
});
