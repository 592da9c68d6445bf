import type { RestRoute } from '@loomgraph/subgraph-kit';
import { resumeRoutes } from './resume-routes.js';
import { suggestionRoutes } from './suggestion-routes.js';

/** REST over the operations of this subgraph, served by the gateway wherever the subgraph runs. */
export const restRoutes: readonly RestRoute[] = [...resumeRoutes, ...suggestionRoutes];
