import type { ProcessConfig } from './config.js';

/** Where clients reach this process, without a slash at the end. */
export function publicUrlOf({ publicUrl, server }: Pick<ProcessConfig, 'publicUrl' | 'server'>): string {
  return (publicUrl ?? `http://${server.host}:${server.port}`).replace(/\/$/, '');
}
