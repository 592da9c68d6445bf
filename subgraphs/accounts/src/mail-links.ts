import type { MailTexts } from './domain/mails.js';

const paths: Partial<Record<Parameters<MailTexts['linkOf']>[0], string>> = {
  'verify-email': 'verify-email',
  'reset-password': 'reset-password',
};

/** Links into the website, which hands the token to the mutation; the bare token where there is no website to point to. */
export function mailLinks(webUrl: string | undefined): MailTexts['linkOf'] {
  return (kind, token) => {
    const path = paths[kind];
    if (webUrl === undefined || path === undefined) return token;
    // Behind `#`: it reaches neither the website's log nor, as a referrer, anybody else's.
    return `${webUrl.replace(/\/$/, '')}/${path}#token=${token}`;
  };
}
