/** What somebody did, or was kept from doing, for the audit log. No personal data beyond ids. */
export interface AuditNote {
  readonly actor: { readonly userId?: string; readonly sessionId?: string; readonly apiKeyId?: string; readonly address?: string };
  /** `users.login`: noun and verb. */
  readonly action: string;
  readonly resource: { readonly type: string; readonly id?: string };
  readonly outcome: 'allowed' | 'denied' | 'failed';
  /** Why, as a code: `wrong-password`, `reused`. */
  readonly reason?: string;
  readonly requestId?: string;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Who asks, as use cases need to know it. */
export interface Actor {
  readonly userId: string;
  readonly sessionId?: string | undefined;
  readonly apiKeyId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly address?: string | undefined;
}

/** Something that was done to a record. */
export function auditNote(note: {
  readonly action: string;
  readonly resource: AuditNote['resource'];
  /** Undefined members are left out; nobody known is the empty actor. */
  readonly actor?: Partial<Actor> | undefined;
  readonly outcome?: AuditNote['outcome'];
  readonly reason?: string | undefined;
  readonly details?: AuditNote['details'] | undefined;
}): AuditNote {
  const { action, resource, actor: { requestId, ...who } = {}, outcome = 'allowed', reason, details } = note;
  return {
    actor: given(who),
    action,
    resource,
    outcome,
    ...given({ reason, requestId, details }),
  };
}

function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never; // only what is undefined went
}
