import { PageInfo } from '@loomgraph/subgraph-kit';
import { Field, GraphQLISODateTime, ID, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A role that a user holds.', simpleResolvers: true })
export class RoleMembership {
  @Field(() => ID, { description: 'Who holds it.' })
  userId!: string;

  @Field(() => ID, { description: 'The name of the role.' })
  roleName!: string;

  @Field(() => ID, { nullable: true, description: 'The company it is held for; null where it is held everywhere.' })
  companyId!: string | null;

  @Field(() => ID, { description: 'Who gave it.' })
  assignedBy!: string;

  @Field(() => GraphQLISODateTime, { description: 'When.' })
  assignedAt!: Date;
}

@ObjectType({ description: 'A membership in a list.', simpleResolvers: true })
export class RoleMembershipEdge {
  @Field(() => String, { description: 'Give it to `after` or `before`.' })
  cursor!: string;

  @Field(() => RoleMembership, { description: 'The membership.' })
  node!: RoleMembership;
}

@ObjectType({ description: 'A page of memberships.', simpleResolvers: true })
export class RoleMembershipConnection {
  @Field(() => [RoleMembershipEdge], { description: 'The page, latest first.' })
  edges!: readonly RoleMembershipEdge[];

  @Field(() => [RoleMembership], { description: 'What is on the page, without cursors.' })
  nodes!: readonly RoleMembership[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Exact number the filter matches; costs a count when asked for.' })
  totalCount!: number | (() => Promise<number>);
}
