import { permissionLimits } from '../../domain/permissions/permissions.js';
import { ArrayMaxSize, ArrayMinSize, IsNotEmpty, Length, Matches, MaxLength } from 'class-validator';
import { Field, ID, InputType } from 'type-graphql';
import { GranteeKind } from './grant.type.js';
import { PermissionInput } from './permission.input.js';
import { RoleScope } from './role.type.js';

const { nameLength, titleLength, descriptionLength, permissionsPerRole, membersAtOnce, resourceIdLength, idLength } = permissionLimits;
const ROLE_NAME = /^[a-z][a-z\d]*(-[a-z\d]+)*$/;

@InputType({ description: 'Which roles; every given condition must hold.' })
export class RoleFilterInput {
  @Field(() => RoleScope, { nullable: true, description: 'Held everywhere, or for companies.' })
  scope?: RoleScope;

  @Field(() => Boolean, { nullable: true, description: 'Those of the product only (true) or those made here only (false).' })
  isBuiltIn?: boolean;

  @Field(() => String, { nullable: true, description: 'Part of the name or title, any case.' })
  @MaxLength(titleLength)
  contains?: string;
}

@InputType({ description: 'A new role.' })
export class CreateRoleInput {
  @Field(() => ID, { description: 'Lower case words joined by `-`; at most 64 characters, and never changed.' })
  @Length(1, nameLength)
  @Matches(ROLE_NAME, { message: 'name is lower case words of letters and digits, joined by "-"' })
  name!: string;

  @Field(() => RoleScope, { description: 'Where it can be held; never changed.' })
  scope!: RoleScope;

  @Field(() => String, { description: 'What people call it; at most 200 characters.' })
  @Length(1, titleLength)
  title!: string;

  @Field(() => String, { defaultValue: '', description: 'Whom it is for; at most 2,000 characters.' })
  @MaxLength(descriptionLength)
  description!: string;

  @Field(() => [PermissionInput], { description: 'What its holders may do; at most 200, none that the caller lacks.' })
  @ArrayMaxSize(permissionsPerRole)
  permissions!: PermissionInput[];
}

@InputType({ description: 'Changes of a role; what is left out stays.' })
export class UpdateRoleInput {
  @Field(() => ID, { description: 'The role.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'At most 200 characters.' })
  @Length(1, titleLength)
  title?: string;

  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  @MaxLength(descriptionLength)
  description?: string;

  @Field(() => [PermissionInput], { nullable: true, description: 'All that it has from now on; at most 200, none that the caller lacks.' })
  @ArrayMaxSize(permissionsPerRole)
  permissions?: PermissionInput[];
}

@InputType({ description: 'A role and who holds it where.' })
export class RoleAssignmentInput {
  @Field(() => ID, { description: 'The user.' })
  @Length(1, idLength)
  userId!: string;

  @Field(() => ID, { description: 'The name of the role.' })
  @Length(1, nameLength)
  role!: string;

  @Field(() => ID, { nullable: true, description: 'The company, for a role of companies.' })
  @IsNotEmpty()
  @MaxLength(idLength)
  companyId?: string;
}

@InputType({ description: 'Which memberships; every given condition must hold.' })
export class RoleMembershipFilterInput {
  @Field(() => ID, { nullable: true, description: 'Of this user.' })
  userId?: string;

  @Field(() => ID, { nullable: true, description: 'Of this role.' })
  role?: string;

  @Field(() => ID, { nullable: true, description: 'For this company.' })
  companyId?: string;

  @Field(() => RoleScope, { nullable: true, description: 'Held everywhere, or for companies.' })
  scope?: RoleScope;
}

@InputType({ description: 'Which groups; every given condition must hold.' })
export class UserGroupFilterInput {
  @Field(() => ID, { nullable: true, description: 'Of this company.' })
  companyId?: string;

  @Field(() => ID, { nullable: true, description: 'With this user as a member.' })
  memberId?: string;

  @Field(() => String, { nullable: true, description: 'Part of the name, any case.' })
  @MaxLength(titleLength)
  contains?: string;
}

@InputType({ description: 'A new group.' })
export class CreateUserGroupInput {
  @Field(() => String, { description: 'At most 200 characters.' })
  @Length(1, titleLength)
  name!: string;

  @Field(() => String, { defaultValue: '', description: 'What it is for; at most 2,000 characters.' })
  @MaxLength(descriptionLength)
  description!: string;

  @Field(() => ID, { nullable: true, description: 'The company it belongs to; left out for one of the installation.' })
  @IsNotEmpty()
  @MaxLength(idLength)
  companyId?: string;
}

@InputType({ description: 'Changes of a group; what is left out stays.' })
export class UpdateUserGroupInput {
  @Field(() => ID, { description: 'The group.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'At most 200 characters.' })
  @Length(1, titleLength)
  name?: string;

  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  @MaxLength(descriptionLength)
  description?: string;
}

@InputType({ description: 'Users who join or leave a group.' })
export class UserGroupMembersInput {
  @Field(() => ID, { description: 'The group.' })
  groupId!: string;

  @Field(() => [ID], { description: 'The users, at most 100.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(membersAtOnce)
  @MaxLength(idLength, { each: true })
  userIds!: string[];
}

@InputType({ description: 'Which grants; every given condition must hold.' })
export class ResourceGrantFilterInput {
  @Field(() => GranteeKind, { nullable: true, description: 'To users, or to groups.' })
  granteeKind?: GranteeKind;

  @Field(() => ID, { nullable: true, description: 'To this user or group.' })
  granteeId?: string;

  @Field(() => String, { nullable: true, description: 'On resources of this type.' })
  resourceType?: string;

  @Field(() => ID, { nullable: true, description: 'On this resource.' })
  resourceId?: string;

  @Field(() => String, { nullable: true, description: 'Of this action.' })
  action?: string;
}

@InputType({ description: 'An action to allow on one resource.' })
export class GrantAccessInput {
  @Field(() => GranteeKind, { description: 'To a user, or to the members of a group.' })
  granteeKind!: GranteeKind;

  @Field(() => ID, { description: 'The user or group.' })
  @Length(1, idLength)
  granteeId!: string;

  @Field(() => String, { description: 'Resource type of the catalogue.' })
  resourceType!: string;

  @Field(() => ID, { description: 'The resource; whether there is one is not checked.' })
  @Length(1, resourceIdLength)
  resourceId!: string;

  @Field(() => String, { description: 'Action of the type; `*` allows all.' })
  action!: string;
}
