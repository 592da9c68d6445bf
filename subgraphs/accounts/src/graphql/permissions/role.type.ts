import { PageInfo } from '@loomgraph/subgraph-kit';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Permission } from './permission.type.js';

export enum RoleScope {
  GLOBAL = 'GLOBAL',
  COMPANY = 'COMPANY',
}
registerEnumType(RoleScope, {
  name: 'RoleScope',
  description: 'Where a role can be held.',
  valuesConfig: { GLOBAL: { description: 'Everywhere.' }, COMPANY: { description: 'For a company, and only for its resources.' } },
});

@ObjectType({ description: 'A role: a set of permissions that users are given together.', simpleResolvers: true })
export class Role {
  @Field(() => ID, { description: 'Its name, which is its id.' })
  name!: string;

  @Field(() => RoleScope, { description: 'Where it can be held.' })
  scope!: RoleScope;

  @Field(() => String, { description: 'What people call it.' })
  title!: string;

  @Field(() => String, { description: 'Whom it is for.' })
  description!: string;

  @Field(() => Boolean, { description: 'Whether it comes with the product and cannot be changed.' })
  isBuiltIn!: boolean;

  @Field(() => [Permission], { description: 'What its holders may do.' })
  permissions!: readonly Permission[];

  @Field(() => Int, { description: 'Rises by one with every change.' })
  revision!: number;
}

@ObjectType({ description: 'A role in a list.', simpleResolvers: true })
export class RoleEdge {
  @Field(() => String, { description: 'Give it to `after` or `before`.' })
  cursor!: string;

  @Field(() => Role, { description: 'The role.' })
  node!: Role;
}

@ObjectType({ description: 'A page of roles.', simpleResolvers: true })
export class RoleConnection {
  @Field(() => [RoleEdge], { description: 'The page, by name.' })
  edges!: readonly RoleEdge[];

  @Field(() => [Role], { description: 'What is on the page, without cursors.' })
  nodes!: readonly Role[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Exact number the filter matches; costs a count when asked for.' })
  totalCount!: number | (() => Promise<number>);
}
