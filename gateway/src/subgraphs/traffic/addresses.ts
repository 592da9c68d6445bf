const SEPARATOR = '|';

/** The URLs of a subgraph's replicas from its address: one URL, or several with `|` between, which stands in no URL. */
export function replicaUrlsOf(address: string): readonly string[] {
  return [...new Set(address.split(SEPARATOR).map((url) => url.trim()))];
}

/** Whether an address is one HTTP URL, or several. */
export function isAddress(address: string): boolean {
  return replicaUrlsOf(address).every((url) => /^https?:\/\/./i.test(url) && URL.canParse(url));
}
