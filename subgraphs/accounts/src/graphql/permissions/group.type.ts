import { PageInfo } from '@loomgraph/subgraph-kit';
import { Field, GraphQLISODateTime, ID, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Users who are given access together.', simpleResolvers: true })
export class UserGroup {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Field(() => String, { description: 'The name people see; unique within its company.' })
  name!: string;

  @Field(() => String, { description: 'What it is for.' })
  description!: string;

  @Field(() => ID, { nullable: true, description: 'The company it belongs to; null for one of the installation.' })
  companyId!: string | null;

  @Field(() => GraphQLISODateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Int, { description: 'Rises by one with every change of name or description.' })
  revision!: number;
}

@ObjectType({ description: 'A member of a group.', simpleResolvers: true })
export class UserGroupMember {
  @Field(() => ID, { description: 'The user.' })
  userId!: string;

  @Field(() => ID, { description: 'Who added them.' })
  addedBy!: string;

  @Field(() => GraphQLISODateTime, { description: 'When.' })
  addedAt!: Date;
}

@ObjectType({ description: 'A group in a list.', simpleResolvers: true })
export class UserGroupEdge {
  @Field(() => String, { description: 'Give it to `after` or `before`.' })
  cursor!: string;

  @Field(() => UserGroup, { description: 'The group.' })
  node!: UserGroup;
}

@ObjectType({ description: 'A page of groups.', simpleResolvers: true })
export class UserGroupConnection {
  @Field(() => [UserGroupEdge], { description: 'The page, by name.' })
  edges!: readonly UserGroupEdge[];

  @Field(() => [UserGroup], { description: 'What is on the page, without cursors.' })
  nodes!: readonly UserGroup[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Exact number the filter matches; costs a count when asked for.' })
  totalCount!: number | (() => Promise<number>);
}

@ObjectType({ description: 'A member in a list.', simpleResolvers: true })
export class UserGroupMemberEdge {
  @Field(() => String, { description: 'Give it to `after` or `before`.' })
  cursor!: string;

  @Field(() => UserGroupMember, { description: 'The member.' })
  node!: UserGroupMember;
}

@ObjectType({ description: 'A page of members.', simpleResolvers: true })
export class UserGroupMemberConnection {
  @Field(() => [UserGroupMemberEdge], { description: 'The page, by user id.' })
  edges!: readonly UserGroupMemberEdge[];

  @Field(() => [UserGroupMember], { description: 'What is on the page, without cursors.' })
  nodes!: readonly UserGroupMember[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Exact number the filter matches; costs a count when asked for.' })
  totalCount!: number | (() => Promise<number>);
}
