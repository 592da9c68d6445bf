import { LoomError } from '@loomgraph/core';

/** Ids of a subgraph's own things, made unique across subgraphs: `templates:42`. */
export function toGlobalId(subgraph: string, id: string): string {
  return `${subgraph}:${id}`;
}

/** @throws LoomError BAD_USER_INPUT */
export function fromGlobalId(id: string): { readonly subgraph: string; readonly id: string } {
  const [subgraph, ...rest] = id.split(':');
  if (!subgraph || rest.length !== 1 || !rest[0]) throw new LoomError('BAD_USER_INPUT', `"${id}" is no id that this list gave out.`);
  return { subgraph, id: rest[0] };
}
