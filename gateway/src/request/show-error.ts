import type { ErrorMasker } from './mask-errors.js';

/** For gateways in front of subgraphs whose error codes are their own: clients see errors as the subgraphs raise them. */
export const showError: ErrorMasker = ({ message, path, locations, extensions = {} }, { requestId }) => {
  const { serviceName, ...own } = extensions;
  return {
    message,
    ...(locations === undefined ? {} : { locations }),
    ...(path === undefined ? {} : { path }),
    extensions: {
      code: 'INTERNAL_SERVER_ERROR',
      ...own,
      ...(requestId === undefined ? {} : { requestId }),
      ...(serviceName === undefined ? {} : { subgraph: serviceName }),
    },
  };
};
