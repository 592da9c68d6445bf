import { PUBLIC_KEY_ALGORITHMS } from '@loomgraph/auth';
import { list, text } from '@loomgraph/config';
import { z } from 'zod';
import { isNetwork } from './request/client-address.js';
import { isAddress } from './subgraphs/traffic/addresses.js';
import { introspectionSettings, type IntrospectionSetting } from './authorization/introspection-setting.js';

export interface SubgraphUrl {
  readonly name: string;
  readonly url: string;
}

/** Headers that belong to one connection or one exchange; passed on, they would break the request to the subgraph. */
const NEVER_FORWARDED: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-loom-identity',
  'x-loom-timeout-ms',
]);

/** `name=address` with commas between; a name stands once. */
export function subgraphUrls() {
  return list().transform((items, context): readonly SubgraphUrl[] => {
    const subgraphs = items.map((item) => {
      const [name = '', ...rest] = item.split('=');
      return { name: name.trim(), url: rest.join('=').trim() };
    });
    const names = new Set(subgraphs.map(({ name }) => name));
    if (names.size < subgraphs.length || subgraphs.some(({ name, url }) => name === '' || !isAddress(url))) {
      context.addIssue({
        code: 'custom',
        message: 'expected name=http://host/path with commas between, each name once; URLs of several replicas have | between',
      });
      return z.NEVER;
    }
    return subgraphs;
  });
}

/** The URL of a subgraph, or those of its replicas with `|` between. */
export function subgraphAddress() {
  return text().refine(isAddress, 'expected an http or https URL, or those of several replicas with | between');
}

/** Names of headers with commas between, in lower case. */
export function headerNames() {
  return list().transform((items, context): readonly string[] => {
    const names = items.map((item) => item.toLowerCase());
    const refused = names.find((name) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name) || NEVER_FORWARDED.has(name));
    if (refused !== undefined) {
      context.addIssue({ code: 'custom', message: `expected names of headers with commas between; "${refused}" cannot be passed on` });
      return z.NEVER;
    }
    return [...new Set(names)];
  });
}

/** Addresses and networks (`10.0.0.0/8`) with commas between. */
export function networks() {
  return networksOf((items) => items);
}

function networksOf(read: (items: readonly string[]) => readonly string[]) {
  return list().transform((given, context): readonly string[] => {
    const items = read(given);
    const refused = items.find((item) => !isNetwork(item));
    if (refused === undefined) return items;
    context.addIssue({
      code: 'custom',
      message: `expected addresses or networks with commas between, as 10.0.0.0/8; "${refused}" is none`,
    });
    return z.NEVER;
  });
}

/** An OpenID provider whose tokens are accepted. */
export interface OidcIssuer {
  /** Put before its users' ids: `corp:alice`. */
  readonly name: string;
  readonly issuer: string;
  /** Undefined: what `OIDC_AUDIENCE` says. */
  readonly audience?: string | undefined;
  /** Where in its tokens the roles are; undefined: its tokens give none. */
  readonly roles?: string | undefined;
  readonly algorithms?: readonly string[] | undefined;
}

const ISSUER_NAME = /^[\w-]+$/;
const issuerSchema = z.array(
  z.strictObject({
    name: z.string().regex(ISSUER_NAME),
    issuer: z.string().refine(isHttp),
    audience: z.string().min(1).optional(),
    roles: z.string().min(1).optional(),
    algorithms: z
      .array(z.enum(PUBLIC_KEY_ALGORITHMS as [string, ...string[]]))
      .min(1)
      .optional(),
  }),
);

/** `name=https://issuer` with commas between, or JSON. Names and issuers stand once. */
export function oidcIssuers() {
  return text()
    .or(z.literal(''))
    .transform((written, context): readonly OidcIssuer[] => {
      const issuers = written.trim().startsWith('[') ? fromJson(written) : fromList(written);
      const isApart = (key: 'name' | 'issuer'): boolean => new Set(issuers?.map((one) => one[key])).size === issuers?.length;
      if (issuers !== undefined && isApart('name') && isApart('issuer')) return issuers;
      context.addIssue({
        code: 'custom',
        message:
          'expected name=https://issuer with commas between, or JSON: [{"name","issuer","audience","roles","algorithms"}], each name and issuer once',
      });
      return z.NEVER;
    });
}

function fromJson(written: string): readonly OidcIssuer[] | undefined {
  try {
    return issuerSchema.safeParse(JSON.parse(written)).data;
  } catch {
    return undefined;
  }
}

function fromList(written: string): readonly OidcIssuer[] | undefined {
  const issuers = written
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const [name = '', ...rest] = item.split('=');
      return { name: name.trim(), issuer: rest.join('=').trim() };
    });
  return issuerSchema.safeParse(issuers).data;
}

/** Who may read the schema; `true` and `false` are what the setting took before there were callers to tell apart. */
export function introspection() {
  const others = new Map<string, IntrospectionSetting>([
    ['true', 'public'],
    ['false', 'off'],
  ]);
  return z.preprocess((value) => others.get(String(value)) ?? value, z.enum(introspectionSettings));
}

/** As `networks`, or `none`: an empty variable counts as one that is not set. */
export function networksOrNone() {
  return networksOf((items) => (items.length === 1 && items[0] === 'none' ? [] : items));
}

function isHttp(url: string): boolean {
  return /^https?:\/\/./i.test(url) && URL.canParse(url);
}
