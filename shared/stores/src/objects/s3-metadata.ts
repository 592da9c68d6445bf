/** Metadata travels in headers, which hold no more than visible ASCII without surprises: everything else, and `%`, is percent-encoded. */
export function encodeMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return mapValues(metadata, (value) => value.replace(/\p{Surrogate}/gu, '\uFFFD').replace(/[^\x21-\x24\x26-\x7e]+/g, encodeURIComponent));
}

export function decodeMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return mapValues(metadata, (value) => {
    try {
      return decodeURIComponent(value);
    } catch {
      // Written by another program, which did not encode it.
      return value;
    }
  });
}

function mapValues(record: Readonly<Record<string, string>>, map: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
