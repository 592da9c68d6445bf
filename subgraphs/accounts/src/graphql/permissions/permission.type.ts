import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';

export enum PermissionReach {
  ANY = 'ANY',
  OWN = 'OWN',
  GROUP = 'GROUP',
}
registerEnumType(PermissionReach, {
  name: 'PermissionReach',
  description: 'How far a permission reaches, where its role is held.',
  valuesConfig: {
    ANY: { description: 'Every resource.' },
    OWN: { description: "The holder's own." },
    GROUP: { description: "Those shared with the holder's groups." },
  },
});

export enum DecisionReason {
  ROLE = 'ROLE',
  OWN = 'OWN',
  GROUP = 'GROUP',
  GRANT = 'GRANT',
  ANONYMOUS = 'ANONYMOUS',
  NO_PERMISSION = 'NO_PERMISSION',
}
registerEnumType(DecisionReason, {
  name: 'PermissionDecisionReason',
  description: 'Why something is allowed or not.',
  valuesConfig: {
    ROLE: { description: 'A role allows it.' },
    OWN: { description: 'A role allows it to the owner.' },
    GROUP: { description: 'A role allows it to members of a group the resource is shared with.' },
    GRANT: { description: 'It was allowed on this one resource.' },
    ANONYMOUS: { description: 'Nobody is signed in.' },
    NO_PERMISSION: { description: 'Nothing allows it.' },
  },
});

@ObjectType({ description: 'Whether something is allowed, and why.', simpleResolvers: true })
export class PermissionDecision {
  @Field(() => Boolean, { description: 'Whether it is allowed.' })
  allowed!: boolean;

  @Field(() => DecisionReason, { description: 'Why.' })
  reason!: DecisionReason;

  @Field(() => String, { nullable: true, description: 'The role or grant that allows it, for people; null where nothing does.' })
  policy!: string | null;
}

@ObjectType({ description: 'A permission of a role.', simpleResolvers: true })
export class Permission {
  @Field(() => String, { description: 'Resource type of the catalogue; `*` stands for all.' })
  type!: string;

  @Field(() => String, { description: 'Action of the type; `*` stands for all.' })
  action!: string;

  @Field(() => PermissionReach, { description: 'How far it reaches.' })
  reach!: PermissionReach;
}

@ObjectType({ description: 'What can be done to a resource type.', simpleResolvers: true })
export class PermissionAction {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { description: 'What it allows.' })
  description!: string;
}

@ObjectType({ description: 'A resource type and its actions.', simpleResolvers: true })
export class PermissionResourceType {
  @Field(() => ID, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { description: 'What it is.' })
  description!: string;

  @Field(() => Boolean, { description: 'Whether its resources belong to companies, so that roles held for one reach them.' })
  isOfCompany!: boolean;

  @Field(() => [PermissionAction], { description: 'What can be done to it.' })
  actions!: readonly PermissionAction[];
}
