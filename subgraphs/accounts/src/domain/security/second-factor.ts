import type { Clock } from '@loomgraph/core';
import { auditNote, type Actor, type AuditNote } from '../audit-trail.js';
import { NoTotp, TotpAlreadyConfirmed, WrongCode, WrongPassword } from './errors.js';

/** What is kept of a user's second factor. */
export interface StoredFactor {
  readonly userId: string;
  /** Encrypted with the process's secret, for this user. */
  readonly secretSealed: string;
  readonly createdAt: Date;
  /** Null until a code has shown that the authenticator has the secret. */
  readonly confirmedAt: Date | null;
  /** Of the last code that was taken: no code of that step or an earlier one is taken again. */
  readonly lastStep: number;
}

export interface FactorWriter {
  /** Waits for other writers of the factor. */
  lock(userId: string): Promise<StoredFactor | null>;
  save(factor: StoredFactor): Promise<void>;
  /** With its recovery codes. */
  remove(userId: string): Promise<void>;
  replaceRecoveryCodes(userId: string, hashes: readonly string[], at: Date): Promise<void>;
  /** Whether there was such a code that was not used; it is now. */
  useRecoveryCode(userId: string, hash: string, at: Date): Promise<boolean>;
  audit(note: AuditNote): void;
}

export interface FactorUnitOfWork {
  /** `work` may run again after a deadlock: no effect outside the database. */
  run<T>(work: (writer: FactorWriter) => Promise<T>): Promise<T>;
}

export interface FactorReader {
  isConfirmed(userId: string): Promise<boolean>;
  state(userId: string): Promise<{ readonly confirmedAt: Date; readonly recoveryCodesLeft: number } | null>;
}

/** Time-based codes, RFC 6238: SHA-1, 6 digits, 30 s, as authenticators have them. */
export interface TotpCodes {
  /** A new secret, in Base32. */
  newSecret(): string;
  /** What an authenticator reads as a QR code. */
  uri(secret: string, account: string): string;
  /** The step a code is of, now or one before or after; null for any other code. */
  stepOf(secret: string, code: string, at: Date): number | null;
}

export interface RecoveryCodes {
  /** New ones, as people write them down. */
  make(count: number): readonly string[];
  /** What is kept of one, however it was typed. */
  hash(userId: string, code: string): string;
  /** Whether a text has the form of one. */
  isOne(text: string): boolean;
}

export interface SecretSealer {
  /** @param context what it belongs to: it opens for nothing else */
  seal(text: string, context: string): string;
  /** @throws StoreError corrupt */
  open(sealed: string, context: string): string;
}

export interface SecondFactors {
  /** A secret for the user's authenticator; it counts once `confirm` has seen a code of it. @throws WrongPassword, TotpAlreadyConfirmed */
  begin(command: { readonly password: string }, actor: Actor): Promise<{ readonly secret: string; readonly uri: string }>;
  /** From now on signing in needs a code. @returns recovery codes, shown this once @throws WrongCode, NoTotp, TotpAlreadyConfirmed */
  confirm(command: { readonly code: string }, actor: Actor): Promise<readonly string[]>;
  /** @param command a code of the authenticator or a recovery code @throws WrongCode, NoTotp */
  disable(command: { readonly code: string }, actor: Actor): Promise<void>;
  /** New recovery codes; the old ones are good for nothing any more. @throws WrongCode, NoTotp */
  regenerate(command: { readonly code: string }, actor: Actor): Promise<readonly string[]>;
  /** For administrators: whoever lost authenticator and codes. @returns whether there was one */
  reset(userId: string, actor: Actor): Promise<boolean>;
  isRequired(userId: string): Promise<boolean>;
  /** What the code is good for, used up; null where it is for nothing. */
  verify(userId: string, code: string): Promise<'otp' | 'recovery' | null>;
}

export const RECOVERY_CODES = 10;

export function createSecondFactors(deps: {
  readonly unitOfWork: FactorUnitOfWork;
  readonly reader: FactorReader;
  readonly codes: TotpCodes;
  readonly recovery: RecoveryCodes;
  readonly sealer: SecretSealer;
  /** Throttled by whoever implements it. */
  readonly passwordFits: (userId: string, password: string, actor: Actor) => Promise<boolean>;
  /** What an authenticator shows beside the code. */
  readonly accountOf: (userId: string) => Promise<string>;
  /** Runs an attempt with a code under the throttle. */
  readonly throttled: <T>(userId: string, actor: Actor, attempt: () => Promise<T>) => Promise<T>;
  readonly clock: Clock;
}): SecondFactors {
  const { unitOfWork, reader, codes, recovery, sealer, passwordFits, accountOf, throttled, clock } = deps;

  const note = (action: string, actor: Actor, more: { readonly userId?: string; readonly wrongCode?: true } = {}): AuditNote =>
    auditNote({
      action,
      actor,
      resource: { type: 'SecondFactor', id: more.userId ?? actor.userId },
      ...(more.wrongCode ? { outcome: 'failed', reason: 'wrong-code' } : {}),
    });

  /** Takes a code of the authenticator; the same one, or an older one, is not taken again. */
  const takeCode = async (writer: FactorWriter, factor: StoredFactor, code: string): Promise<StoredFactor | null> => {
    const step = codes.stepOf(sealer.open(factor.secretSealed, factor.userId), code, clock.now());
    if (step === null || step <= factor.lastStep) return null;
    const next = { ...factor, lastStep: step };
    await writer.save(next);
    return next;
  };

  const take = async (writer: FactorWriter, factor: StoredFactor, code: string): Promise<'otp' | 'recovery' | null> => {
    if (!recovery.isOne(code)) return (await takeCode(writer, factor, code)) ? 'otp' : null;
    return (await writer.useRecoveryCode(factor.userId, recovery.hash(factor.userId, code), clock.now())) ? 'recovery' : null;
  };

  const newRecoveryCodes = async (writer: FactorWriter, userId: string): Promise<readonly string[]> => {
    const made = recovery.make(RECOVERY_CODES);
    await writer.replaceRecoveryCodes(
      userId,
      made.map((code) => recovery.hash(userId, code)),
      clock.now(),
    );
    return made;
  };

  /** Does something that a code allows. A wrong code is in the audit log, so it must not roll back. */
  const withCode = async <T>(command: {
    readonly action: string;
    readonly code: string;
    readonly actor: Actor;
    readonly work: (writer: FactorWriter, factor: StoredFactor) => Promise<T>;
  }): Promise<T> => {
    const { action, code, actor, work } = command;
    return throttled(actor.userId, actor, async () => {
      const outcome = await unitOfWork.run(async (writer) => {
        const factor = await writer.lock(actor.userId);
        if (!factor?.confirmedAt) throw new NoTotp('beginTotp makes one');
        if ((await take(writer, factor, code)) === null) {
          writer.audit(note(action, actor, { wrongCode: true }));
          return undefined;
        }
        const done = await work(writer, factor);
        writer.audit(note(action, actor));
        return { done };
      });
      if (!outcome) throw new WrongCode();
      return outcome.done;
    });
  };

  return {
    async begin({ password }, actor) {
      if (!(await passwordFits(actor.userId, password, actor))) throw new WrongPassword();
      const secret = codes.newSecret();
      const uri = codes.uri(secret, await accountOf(actor.userId));
      await unitOfWork.run(async (writer) => {
        const known = await writer.lock(actor.userId);
        if (known?.confirmedAt) throw new TotpAlreadyConfirmed();
        const secretSealed = sealer.seal(secret, actor.userId);
        await writer.save({ userId: actor.userId, secretSealed, createdAt: clock.now(), confirmedAt: null, lastStep: 0 });
      });
      return { secret, uri };
    },
    confirm: ({ code }, actor) =>
      throttled(actor.userId, actor, async () => {
        const made = await unitOfWork.run(async (writer) => {
          const factor = await writer.lock(actor.userId);
          if (!factor) throw new NoTotp('beginTotp makes one');
          if (factor.confirmedAt) throw new TotpAlreadyConfirmed();
          const taken = await takeCode(writer, factor, code);
          if (!taken) {
            writer.audit(note('totp.confirm', actor, { wrongCode: true }));
            return undefined;
          }
          await writer.save({ ...taken, confirmedAt: clock.now() });
          const recoveryCodes = await newRecoveryCodes(writer, actor.userId);
          writer.audit(note('totp.confirm', actor));
          return recoveryCodes;
        });
        if (!made) throw new WrongCode();
        return made;
      }),
    disable: ({ code }, actor) => withCode({ action: 'totp.disable', code, actor, work: (writer) => writer.remove(actor.userId) }),
    regenerate: ({ code }, actor) =>
      withCode({ action: 'totp.regenerate', code, actor, work: (writer) => newRecoveryCodes(writer, actor.userId) }),
    reset: (userId, actor) =>
      unitOfWork.run(async (writer) => {
        const factor = await writer.lock(userId);
        if (!factor) return false;
        await writer.remove(userId);
        writer.audit(note('totp.reset', actor, { userId }));
        return true;
      }),
    isRequired: (userId) => reader.isConfirmed(userId),
    verify: (userId, code) =>
      unitOfWork.run(async (writer) => {
        const factor = await writer.lock(userId);
        return factor?.confirmedAt ? take(writer, factor, code) : null;
      }),
  };
}
