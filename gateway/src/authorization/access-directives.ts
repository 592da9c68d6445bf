import { Supergraph } from '@apollo/federation-internals';
import { Kind, type ConstDirectiveNode, type ConstValueNode } from 'graphql';
import type { Demand, DemandPool } from './demand.js';

/** What the access directives are called in one supergraph: `@link` may rename them, and then no other name counts. */
export interface AccessDirectives {
  readonly authenticated: string | undefined;
  readonly requiresScopes: string | undefined;
  readonly policy: string | undefined;
  /** Says which types `@fromContext` takes values from. */
  readonly context: string | undefined;
}

const SPECS = 'https://specs.apollo.dev';

/** By the supergraph's `@link`s, whatever version of a specification they name. Undefined where nothing is protected. */
export function findAccessDirectives(supergraphSdl: string): AccessDirectives | undefined {
  if (!/\b(?:authenticated|requiresScopes|policy)\//.test(supergraphSdl)) return undefined;
  const { schema } = Supergraph.build(supergraphSdl, { validateSupergraph: false, supportedFeatures: null });
  const nameOf = (spec: string): string | undefined => schema.coreFeatures?.getByIdentity(`${SPECS}/${spec}`)?.directiveNameInSchema(spec);
  const directives = {
    authenticated: nameOf('authenticated'),
    requiresScopes: nameOf('requiresScopes'),
    policy: nameOf('policy'),
    context: nameOf('context'),
  };
  const { authenticated, requiresScopes, policy } = directives;
  return authenticated === undefined && requiresScopes === undefined && policy === undefined ? undefined : directives;
}

/** What one definition asks for by its own directives. A list in place of a list of lists is one set, as GraphQL coerces it. */
export function readDemands(
  directives: readonly ConstDirectiveNode[] | undefined,
  { authenticated, requiresScopes, policy }: AccessDirectives,
  pool: DemandPool,
): readonly Demand[] {
  return (directives ?? []).flatMap(({ name: { value: name }, arguments: args = [] }): Demand[] => {
    if (name === authenticated) return [pool.authenticated()];
    const kind = name === requiresScopes ? 'scopes' : name === policy ? 'policies' : undefined;
    if (kind === undefined) return [];
    const value = args.find((argument) => argument.name.value === kind)?.value;
    const demand = value && pool.names(kind, setsOf(value));
    return demand === undefined ? [] : [demand];
  });
}

function setsOf(value: ConstValueNode): string[][] {
  return itemsOf(value).map((set) =>
    itemsOf(set).flatMap((item) => (item.kind === Kind.STRING || item.kind === Kind.ENUM ? item.value : [])),
  );
}

const itemsOf = (value: ConstValueNode): readonly ConstValueNode[] => (value.kind === Kind.LIST ? value.values : [value]);
