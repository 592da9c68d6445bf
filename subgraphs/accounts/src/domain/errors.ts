import { DomainError } from '@loomgraph/core';

export class InvalidEmail extends DomainError {
  constructor() {
    super('BAD_USER_INPUT', 'This is no e-mail address: write it as name@example.com, at most 254 characters.', {
      details: { argument: 'email' },
    });
  }
}

export class WeakPassword extends DomainError {
  constructor(message: string, reason: 'length' | 'email') {
    super('BAD_USER_INPUT', message, { details: { argument: 'password', reason } });
  }
}

/** One answer for an unknown address and a wrong password: which it was is nobody's business. */
export class InvalidCredentials extends DomainError {
  constructor() {
    super('INVALID_CREDENTIALS', 'E-mail and password do not fit.');
  }
}

export class EmailNotVerified extends DomainError {
  constructor() {
    super(
      'EMAIL_NOT_VERIFIED',
      'The e-mail address is not verified yet: follow the link in the mail, or ask for another with resendVerification.',
    );
  }
}

export class AccountDisabled extends DomainError {
  constructor() {
    super('ACCOUNT_DISABLED', 'This account is disabled; an administrator can enable it.');
  }
}

export type TokenProblem = 'unknown' | 'expired' | 'used' | 'reused' | 'revoked';

const sentences: Record<TokenProblem, string> = {
  unknown: 'is not one of ours',
  expired: 'has expired',
  used: 'was used before',
  reused: 'was used before, so its session was ended',
  revoked: 'belongs to a session that has ended',
};

/** A token of a mail, a login challenge or a refresh token that cannot be taken. */
export class InvalidToken extends DomainError {
  constructor(what: string, reason: TokenProblem, advice: string) {
    super('INVALID_TOKEN', `The ${what} ${sentences[reason]}: ${advice}.`, { details: { reason } });
  }
}

export class WrongSecondFactor extends DomainError {
  constructor() {
    super(
      'INVALID_CREDENTIALS',
      'The code does not fit: take the current one of your authenticator, or a recovery code that was not used.',
    );
  }
}

export class RegistrationClosed extends DomainError {
  constructor() {
    super('FORBIDDEN', 'Nobody can register here by themselves; an administrator makes accounts.');
  }
}

export class UserNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `There is no user ${id}.`, { details: { userId: id } });
  }
}

export class SessionNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `You have no open session ${id}; list them with sessions.`, { details: { sessionId: id } });
  }
}

export class OwnAccount extends DomainError {
  constructor() {
    super('CONFLICT', 'You cannot disable your own account: another administrator can.');
  }
}

export class RevisionConflict extends DomainError {
  constructor(id: string, expected: number, actual: number) {
    super('CONFLICT', `User ${id} is at revision ${actual}, not ${expected}: read it again and repeat the change.`, {
      details: { userId: id, expectedRevision: expected, revision: actual },
    });
  }
}
