import { PageInfo } from '@loomgraph/subgraph-kit';
import { Field, GraphQLISODateTime, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum GranteeKind {
  USER = 'USER',
  GROUP = 'GROUP',
}
registerEnumType(GranteeKind, {
  name: 'GranteeKind',
  description: 'To whom something is granted.',
  valuesConfig: { USER: { description: 'A user.' }, GROUP: { description: 'The members of a group.' } },
});

@ObjectType({ description: 'An action that is allowed on one resource.', simpleResolvers: true })
export class ResourceGrant {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Field(() => GranteeKind, { description: 'To whom it is allowed.' })
  granteeKind!: GranteeKind;

  @Field(() => ID, { description: 'The user or group.' })
  granteeId!: string;

  @Field(() => String, { description: 'Resource type of the catalogue.' })
  resourceType!: string;

  @Field(() => ID, { description: 'The resource.' })
  resourceId!: string;

  @Field(() => String, { description: 'What is allowed; `*` stands for all actions.' })
  action!: string;

  @Field(() => ID, { description: 'Who allowed it.' })
  grantedBy!: string;

  @Field(() => GraphQLISODateTime, { description: 'When.' })
  grantedAt!: Date;
}

@ObjectType({ description: 'A grant in a list.', simpleResolvers: true })
export class ResourceGrantEdge {
  @Field(() => String, { description: 'Give it to `after` or `before`.' })
  cursor!: string;

  @Field(() => ResourceGrant, { description: 'The grant.' })
  node!: ResourceGrant;
}

@ObjectType({ description: 'A page of grants.', simpleResolvers: true })
export class ResourceGrantConnection {
  @Field(() => [ResourceGrantEdge], { description: 'The page, latest first.' })
  edges!: readonly ResourceGrantEdge[];

  @Field(() => [ResourceGrant], { description: 'What is on the page, without cursors.' })
  nodes!: readonly ResourceGrant[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Exact number the filter matches; costs a count when asked for.' })
  totalCount!: number | (() => Promise<number>);
}
