import { permissionLimits } from '../../domain/permissions/permissions.js';
import { ArrayMaxSize, MaxLength } from 'class-validator';
import { Field, ID, InputType } from 'type-graphql';
import { PermissionReach } from './permission.type.js';

@InputType({ description: 'What is asked about. What is left out counts as unknown, and allows nothing.' })
export class PermissionResourceInput {
  @Field(() => String, { description: 'Resource type of the catalogue.' })
  type!: string;

  @Field(() => ID, { nullable: true, description: 'Its id; left out for the type as a whole.' })
  @MaxLength(permissionLimits.resourceIdLength)
  id?: string;

  @Field(() => ID, { nullable: true, description: 'The company it belongs to.' })
  @MaxLength(permissionLimits.idLength)
  companyId?: string;

  @Field(() => ID, { nullable: true, description: 'The user it belongs to.' })
  @MaxLength(permissionLimits.idLength)
  ownerId?: string;

  @Field(() => [ID], { nullable: true, description: 'The groups it is shared with, at most 100.' })
  @ArrayMaxSize(100)
  groupIds?: string[];
}

@InputType({ description: 'One question of many.' })
export class PermissionRequestInput {
  @Field(() => String, { description: 'Action of the resource type.' })
  action!: string;

  @Field(() => PermissionResourceInput, { description: 'What it is done to.' })
  resource!: PermissionResourceInput;
}

@InputType({ description: 'A permission of a role.' })
export class PermissionInput {
  @Field(() => String, { description: 'Resource type of the catalogue; `*` stands for all.' })
  type!: string;

  @Field(() => String, { description: 'Action of the type; `*` stands for all.' })
  action!: string;

  @Field(() => PermissionReach, { defaultValue: PermissionReach.ANY, description: 'How far it reaches.' })
  reach!: PermissionReach;
}
