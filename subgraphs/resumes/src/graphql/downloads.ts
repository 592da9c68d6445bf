import type { Clock } from '@loomgraph/core';
import type { ResumeFiles } from '../domain/ports.js';
import type { ResumeVersion } from '../domain/resume.js';
import type { ResumeDownload } from './resume.type.js';

/** Makes the link to fetch a version's file by. */
export type Downloads = (version: ResumeVersion) => Promise<ResumeDownload>;

export function createDownloads(deps: { readonly files: ResumeFiles; readonly clock: Clock; readonly ttlMs: number }): Downloads {
  const { files, clock, ttlMs } = deps;
  return async (version) => {
    const expiresAt = new Date(clock.now().getTime() + ttlMs);
    return { url: await files.downloadUrl(version, Math.ceil(ttlMs / 1_000)), expiresAt };
  };
}
