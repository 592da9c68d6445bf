import { LoomError } from '@loomgraph/core';
import { isIdentifier, storableText } from '../postgres/values.js';
import { checkRevised } from '../vectors/documents.js';
import type { GraphDocument, GraphProperties, GraphProperty, NeighbourQuery, NodeRef, PathQuery, SharedNeighbourQuery } from './port.js';

export const MAX_PATH_DEPTH = 6;

/** A text that tells nodes apart across labels; labels hold no colon. */
export function keyOf({ label, id }: NodeRef): string {
  return `${label}:${id}`;
}

/** @throws LoomError BAD_USER_INPUT when a label, edge type or property name is no identifier (clause 7). */
export function checkIdentifiers(...names: readonly string[]): void {
  for (const name of names) {
    if (!isIdentifier(name)) throw new LoomError('BAD_USER_INPUT', `"${name}" is not an identifier: letters, digits and _ only.`);
  }
}

/** @throws LoomError BAD_USER_INPUT */
export function checkNeighbourQuery({ from, edge, label }: NeighbourQuery): void {
  checkIdentifiers(from.label, edge, ...(label === undefined ? [] : [label]));
}

/** @throws LoomError BAD_USER_INPUT */
export function checkSharedNeighbourQuery({ from, edge, through }: SharedNeighbourQuery): void {
  checkIdentifiers(from.label, edge, through);
}

/** @throws LoomError BAD_USER_INPUT */
export function checkPathQuery({ from, to, edges, maxDepth }: PathQuery): void {
  checkIdentifiers(from.label, to.label, ...edges);
  if (!Number.isInteger(maxDepth) || maxDepth < 1 || maxDepth > MAX_PATH_DEPTH) {
    throw new LoomError('BAD_USER_INPUT', `A path has at most 1 to ${MAX_PATH_DEPTH} edges; got ${maxDepth}.`);
  }
}

/**
 * A document with what both stores would refuse or lose taken out: null properties (a graph has no such thing), characters no
 * store holds, and a second edge of one type to one node (the last one stays).
 * @throws LoomError BAD_USER_INPUT
 */
export function normalised(document: GraphDocument): GraphDocument {
  checkRevised(document);
  checkIdentifiers(document.label, ...document.ownedEdges);
  const { id, ...properties } = document.properties;
  if (id !== undefined && id !== document.id) {
    throw new LoomError('BAD_USER_INPUT', `Property id of ${keyOf(document)} is another than the node's.`);
  }
  const edges = new Map<string, GraphDocument['edges'][number]>();
  for (const edge of document.edges) {
    checkIdentifiers(edge.type, edge.to.label);
    if (edge.to.id === '') throw new LoomError('BAD_USER_INPUT', `An edge of ${keyOf(document)} leads to an empty id.`);
    if (!document.ownedEdges.includes(edge.type)) {
      throw new LoomError('BAD_USER_INPUT', `${keyOf(document)} has an edge of type ${edge.type} that it does not own.`);
    }
    if (!Number.isFinite(edge.weight)) throw new LoomError('BAD_USER_INPUT', `An edge of ${keyOf(document)} has weight ${edge.weight}.`);
    const { weight: _, ...own } = edge.properties;
    edges.set(`${edge.type} ${keyOf(edge.to)}`, { ...edge, properties: cleaned(own) });
  }
  return { ...document, properties: cleaned(properties), ownedEdges: [...new Set(document.ownedEdges)], edges: [...edges.values()] };
}

function cleaned(properties: GraphProperties): GraphProperties {
  const result: Record<string, GraphProperty> = {};
  for (const [name, value] of Object.entries(properties)) {
    checkIdentifiers(name);
    // Stores keep what is theirs (the revision, for one) under such names.
    if (name.startsWith('_')) throw new LoomError('BAD_USER_INPUT', `Property ${name}: names with a leading _ are reserved.`);
    if (value === null) continue;
    if (typeof value === 'number' && !Number.isFinite(value)) throw new LoomError('BAD_USER_INPUT', `Property ${name} is ${value}.`);
    result[name] = typeof value === 'string' ? storableText(value) : Array.isArray(value) ? value.map(storableText) : value;
  }
  return result;
}
