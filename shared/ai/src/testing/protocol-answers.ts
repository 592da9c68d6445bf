import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the answer to any request of the protocol goes wrong. */
export type ProtocolFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly code?: string }
  /** Never answers; with `afterHeaders` it sends the headers and half a body first. */
  | { readonly kind: 'hang'; readonly afterHeaders?: boolean }
  /** Closes the connection without an answer. */
  | { readonly kind: 'reset' }
  /** Status 200 with half a JSON text. */
  | { readonly kind: 'malformed' }
  /** Status 200 with a web page, as a proxy in between may answer. */
  | { readonly kind: 'page' };

/** Answers with the fault, where it is one of the protocol; says whether it was. */
export function sendFault(response: ServerResponse, fault: { readonly kind: string } | undefined): boolean {
  const known = fault as ProtocolFault | undefined; // any other kind falls through
  switch (known?.kind) {
    case 'status':
      sendError(response, known.status, known.code ?? `status_${known.status}`, known.headers);
      return true;
    case 'reset':
      response.destroy();
      return true;
    case 'hang':
      if (known.afterHeaders) startBody(response);
      return true;
    case 'malformed':
      startBody(response).end();
      return true;
    case 'page':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please sign in</html>');
      return true;
    default:
      return false;
  }
}

export function sendError(response: ServerResponse, status: number, code: string, headers: Readonly<Record<string, string>> = {}): void {
  sendJson(response, status, { error: { message: `refused: ${code}`, type: 'invalid_request_error', code, param: null } }, headers);
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** On 127.0.0.1; answers the base URL, with `/v1`. */
export async function listenLocally(server: Server, port = 0): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`; // bound to TCP, so not a path
}

export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

const HALF_A_BODY = '{"object":"list","data":[';

function startBody(response: ServerResponse): ServerResponse {
  response.writeHead(200, { 'content-type': 'application/json' }).write(HALF_A_BODY);
  return response;
}
