/** The state of one store or component, as `/health/ready` and the console show it. */
export interface Health {
  readonly name: string;
  readonly backend: string;
  readonly ok: boolean;
  readonly latencyMs: number;
  readonly message?: string;
}

/** Runs a probe under a time limit and turns its outcome into a `Health`; never throws. */
export async function probeHealth(
  options: { name: string; backend: string; timeoutMs?: number },
  probe: () => Promise<unknown>,
): Promise<Health> {
  const { name, backend, timeoutMs = 2_000 } = options;
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    await Promise.race([probe(), late]);
    return { name, backend, ok: true, latencyMs: performance.now() - startedAt };
  } catch (error) {
    return { name, backend, ok: false, latencyMs: performance.now() - startedAt, message: (error as Error).message };
  } finally {
    clearTimeout(timer);
  }
}
