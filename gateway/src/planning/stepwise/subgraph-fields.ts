import { isInterfaceType, isObjectType } from 'graphql';
import { directivesOf, textArgument } from '../join-directives.js';
import { overridesFor } from '../overrides.js';
import type { OverrideChoice } from '../planner.js';
import type { SubgraphFacts } from '../subgraph-facts.js';
import type { SupergraphFacts } from '../supergraph-facts.js';
import { externalType } from '../unresolvable-field.js';
import type { Source } from './draft-place.js';

/** The names under which a subgraph may know objects of a type: its own, and those of interfaces it has as objects. */
export function namesIn(subgraph: SubgraphFacts, type: string): readonly string[] {
  const definition = subgraph.supergraph.schema.getType(type);
  const interfaces = isObjectType(definition) || isInterfaceType(definition) ? definition.getInterfaces() : [];
  const objects = interfaces.map(({ name }) => name).filter((name) => subgraph.isInterfaceObject(name));
  return subgraph.knows(type) ? [type, ...objects] : objects;
}

/** Whether a subgraph resolves a field of a type, with what it may require, for requests on this side of the overrides. */
export function isResolved(subgraph: SubgraphFacts, { type, name }: { type: string; name: string }, choice: OverrideChoice): boolean {
  const field = subgraph.field(type, name);
  return field !== undefined && !field.isExternal && isActive(subgraph, { type, name }, choice);
}

/** Whether a field can be added to what is selected at a source. */
export function isResolvedAt({ subgraph, type, provided, only }: Source, name: string, choice: OverrideChoice): boolean {
  const field = subgraph.field(type, name);
  if (field === undefined || (only !== undefined && only !== name)) return false;
  if (field.requires !== undefined && only !== name) return false;
  if (externalType(subgraph, type, name, provided) !== undefined) return false;
  const isInterface = subgraph.supergraph.isAbstract(type) && !subgraph.isInterfaceObject(type);
  const types = isInterface ? [type, ...subgraph.possibleTypes(type)] : [type];
  return types.every((each) => isActive(subgraph, { type: each, name }, choice) && (!isInterface || !subgraph.field(each, name)?.requires));
}

/** All subgraphs of a supergraph. */
export function subgraphsOf(facts: SupergraphFacts): readonly SubgraphFacts[] {
  return facts.subgraphNames().flatMap((name) => facts.subgraph(name) ?? []);
}

/** A field that moves from one subgraph to another by label is where the label says; one that has moved is kept for its uses. */
function isActive({ supergraph, graph }: SubgraphFacts, { type, name }: { type: string; name: string }, choice: OverrideChoice): boolean {
  const definition = supergraph.schema.getType(type);
  const node = isObjectType(definition) || isInterfaceType(definition) ? definition.getFields()[name]?.astNode : undefined;
  const own = directivesOf(node, 'join__field').find((place) => textArgument(place, 'graph') === graph);
  const label = own && textArgument(own, 'overrideLabel');
  if (own === undefined) return true;
  if (label === undefined) return textArgument(own, 'usedOverridden') !== 'true';
  const [[, isMoved] = ['', false]] = overridesFor([label], choice);
  return isMoved === (textArgument(own, 'override') !== undefined);
}
