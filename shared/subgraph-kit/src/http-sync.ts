import type { ApolloServerPlugin } from '@apollo/server';
import { mergeSyncAnswers, type SyncAnswer, type SyncRequest } from '@loomgraph/core';
import type { SubgraphSync } from './sync-request.js';

/** Where a request's context keeps what was reported: Apollo Server hands copies of a context around, which have its symbols. */
const reported = Symbol('reported');

interface Reported {
  [reported]?: () => SyncAnswer | undefined;
}

/** Makes the context of a request; what it reports `answerSync` puts into `extensions.sync` of the response. */
export function withSync(request: SyncRequest | undefined, createContext: (sync: SubgraphSync) => object): object {
  let answer: SyncAnswer | undefined;
  const context: Reported = createContext({ ...request, report: (more) => void (answer = mergeSyncAnswers(answer, more)) });
  context[reported] = () => answer;
  return context;
}

export const answerSync: ApolloServerPlugin<object> = {
  requestDidStart() {
    return Promise.resolve({
      willSendResponse({ contextValue, response: { body } }) {
        const sync = (contextValue as Reported)[reported]?.();
        if (sync && body.kind === 'single') body.singleResult.extensions = { ...body.singleResult.extensions, sync };
        return Promise.resolve();
      },
    });
  },
};
