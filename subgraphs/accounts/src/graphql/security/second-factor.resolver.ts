import { requirePermission } from '@loomgraph/auth';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { FactorReader, SecondFactors } from '../../domain/security/second-factor.js';
import { actorOf, type AccountsContext } from '../context.js';
import { requirePerson } from './require-person.js';
import {
  BeginTotpInput,
  BeginTotpPayload,
  ConfirmTotpInput,
  DisableTotpPayload,
  RecoveryCodesPayload,
  SecondFactorCodeInput,
  SecondFactorStatus,
} from './second-factor.type.js';

/** The second factor: time-based codes of an authenticator, and recovery codes. */
@Resolver()
export class SecondFactorResolver {
  readonly #factors: SecondFactors;
  readonly #reader: FactorReader;

  constructor({ factors, reader }: { factors: SecondFactors; reader: FactorReader }) {
    this.#factors = factors;
    this.#reader = reader;
  }

  @Query(() => SecondFactorStatus, { description: "The caller's second factor." })
  async secondFactor(@Ctx() context: AccountsContext): Promise<SecondFactorStatus> {
    const state = await this.#reader.state(requirePerson(context).userId);
    return { enabled: state !== null, confirmedAt: state?.confirmedAt ?? null, recoveryCodesLeft: state?.recoveryCodesLeft ?? 0 };
  }

  @Mutation(() => BeginTotpPayload, { description: 'Makes a secret for an authenticator; confirmTotp turns the second factor on.' })
  beginTotp(@Arg('input', () => BeginTotpInput) { password }: BeginTotpInput, @Ctx() context: AccountsContext): Promise<BeginTotpPayload> {
    return this.#factors.begin({ password }, actorOf(requirePerson(context), context));
  }

  @Mutation(() => RecoveryCodesPayload, { description: 'Turns the second factor on by a first code.' })
  async confirmTotp(
    @Arg('input', () => ConfirmTotpInput) { code }: ConfirmTotpInput,
    @Ctx() context: AccountsContext,
  ): Promise<RecoveryCodesPayload> {
    return { recoveryCodes: await this.#factors.confirm({ code }, actorOf(requirePerson(context), context)) };
  }

  @Mutation(() => DisableTotpPayload, { description: 'Turns the second factor off.' })
  async disableTotp(
    @Arg('input', () => SecondFactorCodeInput) { code }: SecondFactorCodeInput,
    @Ctx() context: AccountsContext,
  ): Promise<DisableTotpPayload> {
    await this.#factors.disable({ code }, actorOf(requirePerson(context), context));
    return { disabled: true };
  }

  @Mutation(() => RecoveryCodesPayload, { description: 'Makes new recovery codes; those before are good for nothing any more.' })
  async regenerateRecoveryCodes(
    @Arg('input', () => SecondFactorCodeInput) { code }: SecondFactorCodeInput,
    @Ctx() context: AccountsContext,
  ): Promise<RecoveryCodesPayload> {
    return { recoveryCodes: await this.#factors.regenerate({ code }, actorOf(requirePerson(context), context)) };
  }

  @Mutation(() => DisableTotpPayload, {
    description: "Turns a user's second factor off, who has lost authenticator and recovery codes. For administrators.",
  })
  async resetSecondFactor(@Arg('userId', () => ID) userId: string, @Ctx() context: AccountsContext): Promise<DisableTotpPayload> {
    const resource = { type: 'user', id: userId };
    const identity = await requirePermission(context.authorizer, context.identity, { action: 'recover', resource });
    return { disabled: await this.#factors.reset(userId, actorOf(identity, context)) };
  }
}
