import type { RestRoute } from '@loomgraph/subgraph-kit';

/** REST beside GraphQL. */
export interface RestSettings {
  readonly routes: readonly RestRoute[];
  /** Larger files are refused before they are sent on. */
  readonly maxFileBytes: number;
  /** Where clients reach this process; what is at that address is asked at its own. */
  readonly publicUrl: string;
}
