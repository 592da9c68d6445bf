import { buildASTSchema, Kind, parse, print, visit, type ConstDirectiveNode, type DocumentNode } from 'graphql';
import { composeSupergraph } from '../supergraph/compose.js';
import { AccessRules } from './access-rules.js';

const ON = 'on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM';
const DEFINITIONS: Readonly<Record<string, string>> = {
  authenticated: `directive @authenticated ${ON}`,
  requiresScopes: `scalar requiresScopes__Scope directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) ${ON}`,
  policy: `scalar policy__Policy directive @policy(policies: [[policy__Policy!]!]!) ${ON}`,
};
const NAMES = Object.keys(DEFINITIONS);

/** A composed supergraph of subgraphs in SDL. @throws Error with the first problem */
export function composed(...subgraphs: readonly string[]): string {
  const composition = composeSupergraph(subgraphs.map((sdl, index) => ({ name: `s${index}`, url: `http://s${index}`, sdl })));
  if (composition.kind === 'failed') throw new Error(composition.problems[0]?.text);
  return composition.supergraphSdl;
}

/**
 * The supergraph with other access directives in place of its own, by coordinate: as another composition would write it, one that takes
 * directives on interfaces or asks for nothing of fields that are resolved from others.
 */
export function rewritten(supergraphSdl: string, directives: Readonly<Record<string, string>>): string {
  const own = (coordinate: string, given: readonly ConstDirectiveNode[] = []): ConstDirectiveNode[] => [
    ...given.filter(({ name }) => !NAMES.includes(name.value)),
    ...parseDirectives(directives[coordinate] ?? ''),
  ];
  const document: DocumentNode = parse(withDefinitions(supergraphSdl));
  return print({
    ...document,
    definitions: document.definitions.map((definition) => {
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) return definition;
      const type = definition.name.value;
      return visit(
        { ...definition, directives: own(type, definition.directives) },
        { FieldDefinition: (field) => ({ ...field, directives: own(`${type}.${field.name.value}`, field.directives) }) },
      );
    }),
  });
}

export function rulesOf(supergraphSdl: string): AccessRules {
  const rules = AccessRules.of(supergraphSdl, buildASTSchema(parse(supergraphSdl), { assumeValid: true }));
  if (rules === undefined) throw new Error('The supergraph protects nothing.');
  return rules;
}

/** What a field asks for, as sorted texts. */
export function asked(rules: AccessRules, coordinate: string): readonly string[] {
  const [type = '', field = ''] = coordinate.split('.');
  const demands = rules.at(type, rules.types.concreteTypes(type), field);
  return [...demands].map((demand) => (demand.kind === 'authenticated' ? 'authenticated' : JSON.stringify(demand.anyOf))).toSorted();
}

/** Composition links and defines only what is used. */
function withDefinitions(supergraphSdl: string): string {
  return Object.entries(DEFINITIONS)
    .filter(([name]) => !supergraphSdl.includes(`directive @${name}`))
    .reduce(
      (sdl, [name, definition]) =>
        `${sdl.replace(/^schema/m, `schema @link(url: "https://specs.apollo.dev/${name}/v0.1", for: SECURITY)`)}\n${definition}`,
      supergraphSdl,
    );
}

function parseDirectives(text: string): readonly ConstDirectiveNode[] {
  const [definition] = parse(`scalar X ${text}`).definitions;
  return definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : [];
}
