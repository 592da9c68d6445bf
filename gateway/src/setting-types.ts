import { list } from '@loomgraph/config';
import { z } from 'zod';
import { isNetwork } from './request/client-address.js';

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
]);

/** `name=url` with commas between; a name stands once. */
export function subgraphUrls() {
  return list().transform((items, context): readonly SubgraphUrl[] => {
    const subgraphs = items.map((item) => {
      const [name = '', ...rest] = item.split('=');
      return { name: name.trim(), url: rest.join('=').trim() };
    });
    const names = new Set(subgraphs.map(({ name }) => name));
    if (names.size < subgraphs.length || subgraphs.some(({ name, url }) => name === '' || !isHttp(url))) {
      context.addIssue({ code: 'custom', message: 'expected name=http://host/path with commas between, each name once' });
      return z.NEVER;
    }
    return subgraphs;
  });
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
  return list().transform((items, context): readonly string[] => {
    const refused = items.find((item) => !isNetwork(item));
    if (refused === undefined) return items;
    context.addIssue({
      code: 'custom',
      message: `expected addresses or networks with commas between, as 10.0.0.0/8; "${refused}" is none`,
    });
    return z.NEVER;
  });
}

function isHttp(url: string): boolean {
  return /^https?:\/\/./i.test(url) && URL.canParse(url);
}
