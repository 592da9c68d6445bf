import type { Mail, MailKind } from './ports.js';
import type { Locale, User } from './user.js';

export interface MailTexts {
  /** The link of a mail with a token; the bare token where no website is configured. */
  readonly linkOf: (kind: MailKind, token: string) => string;
}

interface Text {
  readonly subject: string;
  readonly body: (name: string, link: string) => string;
}

const texts: Record<Locale, Record<MailKind, Text>> = {
  en: {
    'verify-email': {
      subject: 'Confirm your e-mail address',
      body: (name, link) =>
        `Hello ${name},\n\nplease confirm that this address is yours:\n\n${link}\n\nIf you did not register, do nothing: without this step nobody can use the account.\n`,
    },
    'already-registered': {
      subject: 'You are registered already',
      body: (name) =>
        `Hello ${name},\n\nsomebody wanted to register with this address, which has an account. If it was you: sign in, or ask for a new password. If it was not, do nothing: nothing was changed.\n`,
    },
    'reset-password': {
      subject: 'Choose a new password',
      body: (name, link) =>
        `Hello ${name},\n\nhere you choose a new password:\n\n${link}\n\nIf you did not ask for it, do nothing: your password stays as it is.\n`,
    },
    'password-changed': {
      subject: 'Your password was changed',
      body: (name) =>
        `Hello ${name},\n\nyour password was just changed, and your other sessions were ended. If it was not you, ask for a new password at once.\n`,
    },
  },
  zh: {
    'verify-email': {
      subject: '请确认您的邮箱地址',
      body: (name, link) =>
        `${name},您好:\n\n请确认此邮箱地址属于您:\n\n${link}\n\n如果您没有注册,请忽略本邮件:未经确认,任何人都无法使用该账号。\n`,
    },
    'already-registered': {
      subject: '您已注册过账号',
      body: (name) =>
        `${name},您好:\n\n有人尝试用此邮箱地址注册,但该地址已有账号。如果是您本人,请直接登录,或重设密码;如果不是,请忽略本邮件:没有任何内容被更改。\n`,
    },
    'reset-password': {
      subject: '重设您的密码',
      body: (name, link) => `${name},您好:\n\n请在此设置新密码:\n\n${link}\n\n如果这不是您的请求,请忽略本邮件:您的密码不会改变。\n`,
    },
    'password-changed': {
      subject: '您的密码已更改',
      body: (name) => `${name},您好:\n\n您的密码刚刚被更改,其他会话已全部退出。如果不是您本人操作,请立即重设密码。\n`,
    },
  },
};

/** A mail to a user, in the user's language. */
export function composeMail(
  user: Pick<User, 'email' | 'displayName' | 'locale'>,
  kind: MailKind,
  options: MailTexts & { token?: string },
): Mail {
  const { subject, body } = texts[user.locale][kind];
  const { token, linkOf } = options;
  return {
    to: user.email,
    kind,
    locale: user.locale,
    subject,
    text: body(user.displayName, token === undefined ? '' : linkOf(kind, token)),
    ...(token === undefined ? {} : { token }),
  };
}
