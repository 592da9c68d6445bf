import { DomainError } from '@loomgraph/core';

/** The account has been tried too often. Said of accounts that do not exist in the same way. */
export class AccountLocked extends DomainError {
  constructor(retryAfterSeconds: number) {
    super(
      'ACCOUNT_LOCKED',
      `This account was tried too often: wait ${retryAfterSeconds} s, or reset the password with requestPasswordReset.`,
      { details: { retryAfterSeconds } },
    );
  }
}

export class TooManyLogins extends DomainError {
  constructor(retryAfterSeconds: number) {
    super('RATE_LIMITED', `Too many attempts to sign in came from your network: wait ${retryAfterSeconds} s.`, {
      details: { retryAfterSeconds },
    });
  }
}

export class TotpAlreadyConfirmed extends DomainError {
  constructor() {
    super('CONFLICT', 'You have a second factor already: remove it with disableTotp first.');
  }
}

export class NoTotp extends DomainError {
  constructor(advice: string) {
    super('CONFLICT', `You have no second factor to do this with: ${advice}.`);
  }
}

export class WrongPassword extends DomainError {
  constructor() {
    super('INVALID_CREDENTIALS', 'The password does not fit.');
  }
}

export class WrongCode extends DomainError {
  constructor() {
    super('INVALID_CREDENTIALS', 'The code does not fit: take the one your authenticator shows now; each can be used once.');
  }
}

export class ScopeNotAllowed extends DomainError {
  constructor(scope: string) {
    super('FORBIDDEN', `You cannot give a key the scope "${scope}": you may not do that yourself.`, { details: { scope } });
  }
}

export class InvalidKeyRequest extends DomainError {
  constructor(message: string, argument: string) {
    super('BAD_USER_INPUT', message, { details: { argument } });
  }
}

export class ApiKeyNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `You have no API key ${id}; list them with apiKeys.`, { details: { apiKeyId: id } });
  }
}

export class NotWithApiKey extends DomainError {
  constructor() {
    super('FORBIDDEN', 'This needs a person who signed in: an API key cannot do it.');
  }
}

export class ExportNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `There is no export ${id}.`, { details: { exportId: id } });
  }
}
