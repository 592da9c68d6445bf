/** A request for a raw connection, its lines as they are given. */
export function rawRequest(options: {
  readonly host: string;
  readonly start?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  /** Left out: as long as the body is. Undefined: no such header. */
  readonly length?: number | undefined;
  readonly newLine?: string;
}): string {
  const { host, start = 'POST /graphql HTTP/1.1', headers = [], body = '', newLine = '\r\n' } = options;
  const length = 'length' in options ? options.length : Buffer.byteLength(body);
  const lines = [
    start,
    `Host: ${host}`,
    'Content-Type: application/json',
    ...(length === undefined ? [] : [`Content-Length: ${length}`]),
    ...headers,
  ];
  return `${lines.join(newLine)}${newLine}${newLine}${body}`;
}
