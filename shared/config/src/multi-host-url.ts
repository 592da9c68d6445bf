/** A URL whose authority may name several hosts: `redis+sentinel://h1:26379,h2:26379/name`, which WHATWG `URL` refuses. */
export interface MultiHostUrl {
  /** Without the colon, in lower case. */
  readonly scheme: string;
  /** Percent-decoded; empty when absent. */
  readonly username: string;
  readonly password: string;
  /** At least one, except for `file`. IPv6 hosts without their brackets. */
  readonly hosts: readonly { readonly host: string; readonly port?: number }[];
  /** From the first `/`; empty when absent. */
  readonly path: string;
  readonly search: URLSearchParams;
}

const URL_FORM = /^([a-z][a-z\d+.-]*):\/\/(?:([^/?#]*)@)?([^/?#@]*)(\/[^?#\s]*)?(?:\?([^#\s]*))?$/i;
const HOST_FORM = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i;

/** Reads a URL of one or more hosts; undefined when the text is none. */
export function parseMultiHostUrl(text: string): MultiHostUrl | undefined {
  const match = URL_FORM.exec(text);
  if (match === null) return undefined;
  const [, scheme = '', userInfo, authority = '', path = '', query = ''] = match;
  const hosts = parseHosts(authority);
  const credentials = parseUserInfo(userInfo);
  if (hosts === undefined || credentials === undefined) return undefined;
  if (hosts.length === 0 && scheme.toLowerCase() !== 'file') return undefined;
  return { scheme: scheme.toLowerCase(), ...credentials, hosts, path, search: new URLSearchParams(query) };
}

function parseHosts(authority: string): MultiHostUrl['hosts'] | undefined {
  if (authority === '') return [];
  const hosts = [];
  for (const part of authority.split(',')) {
    const match = HOST_FORM.exec(part);
    if (match === null) return undefined;
    const host = match[1] ?? match[2] ?? '';
    const port = match[3] === undefined ? undefined : Number(match[3]);
    if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
    hosts.push({ host, ...(port === undefined ? {} : { port }) });
  }
  return hosts;
}

function parseUserInfo(userInfo: string | undefined): { username: string; password: string } | undefined {
  if (userInfo === undefined) return { username: '', password: '' };
  const colon = userInfo.indexOf(':');
  const [username, password] = colon < 0 ? [userInfo, ''] : [userInfo.slice(0, colon), userInfo.slice(colon + 1)];
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    return undefined; // a lone `%`
  }
}
