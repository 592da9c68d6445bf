/** Tells that the policy changed, as soon as it is known. Messages may be lost or late: an authorizer looks by itself, too. */
export interface PolicyEvents {
  /** Calls back for each change until it is disposed of. Never rejects: without events an authorizer is only slower. */
  follow(onChange: () => void): Promise<AsyncDisposable>;
}

/** Topic and type of the event that the accounts subgraph publishes. */
export const POLICY_TOPIC = 'accounts-events';
export const POLICY_CHANGED = 'accounts.permissions-changed';

/** What of the bus port is needed: shared/auth knows no stores. */
export interface PolicyBus {
  subscribe(options: {
    topic: string;
    group: string;
    from: 'latest';
    handler: (message: { readonly headers: Readonly<Record<string, string>> }) => Promise<void>;
  }): Promise<AsyncDisposable>;
  dropGroup(topic: string, group: string): Promise<boolean>;
}

/**
 * Events of the bus. Every process is a group of its own, since all must hear of every change; the group goes when it closes. A subscription that
 * fails is tried again every `retryMs`.
 */
export function busPolicyEvents(options: {
  bus: PolicyBus;
  group: string;
  onFailure?: (error: unknown) => void;
  retryMs?: number;
}): PolicyEvents {
  const { bus, group, onFailure = () => undefined, retryMs = 5_000 } = options;
  return {
    follow(onChange) {
      let subscription: AsyncDisposable | undefined;
      let timer: NodeJS.Timeout | undefined;
      let closed = false;
      let opening: Promise<void> = Promise.resolve();
      const open = async (): Promise<void> => {
        try {
          subscription = await bus.subscribe({
            topic: POLICY_TOPIC,
            group,
            from: 'latest',
            handler: ({ headers }) => {
              if (headers['type'] === POLICY_CHANGED) onChange();
              return Promise.resolve();
            },
          });
          // What was published while nobody listened.
          onChange();
        } catch (error) {
          onFailure(error);
          if (closed) return;
          timer = setTimeout(() => (opening = open()), retryMs);
          timer.unref();
        }
      };
      // Not waited for: joining a group may take seconds, and an authorizer does not depend on it.
      opening = open();
      return Promise.resolve({
        async [Symbol.asyncDispose]() {
          closed = true;
          clearTimeout(timer);
          await opening;
          await subscription?.[Symbol.asyncDispose]();
          if (subscription) await bus.dropGroup(POLICY_TOPIC, group).catch(onFailure);
        },
      });
    },
  };
}
