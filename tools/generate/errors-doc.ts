import type { ErrorCodeEntry } from '@loomgraph/core';

/** `docs/errors.md`: the codes a client can meet, then those that only the log shows. */
export function renderErrorsDoc(catalogue: Readonly<Record<string, ErrorCodeEntry>>): string {
  const rows = (exposure: ErrorCodeEntry['exposure']): readonly string[] =>
    Object.entries(catalogue)
      .filter(([, entry]) => entry.exposure === exposure)
      .map(([code, { status, retryable, description, since }]) => {
        return `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${description.replaceAll('|', '\\|')} | ${since} |`;
      });
  const header = ['| code | HTTP status | retry | meaning | since |', '| --- | --- | --- | --- | --- |'];
  return [
    '<!-- Generated from the error catalogue (shared/core/src/errors/catalogue.ts): change that, not this file. -->',
    '# Errors',
    '',
    'A failure stands in `errors` of the response, with its code in `extensions.code`. The HTTP status is that of a response in which it',
    'decides the whole answer; where part of the data could be given, the status is 200. `retry` says whether the same call may succeed',
    'later without being changed.',
    '',
    '## Shown to clients',
    '',
    'With their own message. `extensions` adds `requestId` and, for a failed part of the graph, `subgraph`.',
    '',
    ...header,
    ...rows('client'),
    '',
    '## Internal',
    '',
    'Logged under the request id. Clients are told `INTERNAL_SERVER_ERROR` and the id, nothing more.',
    '',
    ...header,
    ...rows('internal'),
    '',
  ].join('\n');
}
