import type { SubgraphHttp } from '../subgraphs/http-call.js';
import type { SdlClient } from './read-sdl.js';

/** Reads schemas through the connections that fetches use, too. */
export function createSdlClient(http: Pick<SubgraphHttp, 'prepare'>): SdlClient {
  return {
    post({ subgraph, url, fetch: { query, operationName, request } }) {
      const call = http.prepare(url, { subgraph, operation: query, operationName });
      return new Promise((resolve, reject) => {
        call.send('', request, (answer) => {
          if (answer.kind === 'failed') reject(answer.error);
          else resolve({ data: answer.data, errors: answer.errors });
        });
      });
    },
  };
}
