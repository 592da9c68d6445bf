import { LoomError, type Clock, type IdSource } from '@loomgraph/core';
import { ResumeNotFound, ShareLinkNotFound, TooMany, VersionNotFound } from './errors.js';
import type { ResumeReader, ResumeUnitOfWork, ShareTokens } from './ports.js';
import { limits, type Resume, type ResumeVersion, type ShareLink } from './resume.js';

/** What somebody with a link sees. */
export interface SharedResume {
  readonly link: ShareLink;
  readonly resume: Resume;
  readonly version: ResumeVersion;
}

/** Shows resumes to people beside their owner. */
export interface ResumeSharing {
  /** The token is shown here and never again. @throws ResumeNotFound, VersionNotFound, TooMany; LoomError BAD_USER_INPUT */
  createLink(request: {
    readonly resumeId: string;
    readonly versionId: string | null;
    readonly expiresAt: Date;
    readonly by: string;
  }): Promise<{ readonly link: ShareLink; readonly token: string }>;
  /** Revoking twice changes nothing. @throws ShareLinkNotFound */
  revokeLink(id: string): Promise<ShareLink>;
  /** Null where the link is unknown, expired or revoked, or has nothing to show: nobody learns which. Counts the use. */
  open(token: string): Promise<SharedResume | null>;
  /** Members of the group may read it: a company's recruiters, say. @throws ResumeNotFound, TooMany */
  shareWithGroup(resumeId: string, groupId: string, by: string): Promise<Resume>;
  /** @throws ResumeNotFound */
  unshareWithGroup(resumeId: string, groupId: string): Promise<Resume>;
}

export function createResumeSharing(deps: {
  readonly unitOfWork: ResumeUnitOfWork;
  readonly reader: ResumeReader;
  readonly tokens: ShareTokens;
  readonly clock: Clock;
  readonly ids: IdSource;
}): ResumeSharing {
  const { unitOfWork, reader, tokens, clock, ids } = deps;
  return {
    async createLink({ resumeId, versionId, expiresAt, by }) {
      const now = clock.now();
      const lastsMs = expiresAt.getTime() - now.getTime();
      const { min, max } = limits.shareLinkMs;
      if (!(lastsMs >= min && lastsMs <= max))
        throw new LoomError('BAD_USER_INPUT', 'A share link expires between one minute and one year from now.', { details: { expiresAt } });
      const token = tokens.make();
      const link = await unitOfWork.run(async (writer) => {
        const resume = await writer.lockResume(resumeId);
        if (!resume) throw new ResumeNotFound(resumeId);
        await writer.assertNotErased(resume.userId);
        if (versionId !== null && (await writer.version(versionId))?.resumeId !== resumeId) throw new VersionNotFound(versionId);
        if ((await writer.countShareLinks(resumeId, now)) >= limits.shareLinks)
          throw new TooMany('share links', limits.shareLinks, 'revoke one first');
        const made = {
          id: ids.next(),
          resumeId,
          versionId,
          tokenHash: tokens.hash(token),
          createdBy: by,
          createdAt: now,
          expiresAt,
          revokedAt: null,
          uses: 0,
        };
        writer.insertShareLink(made);
        return made;
      });
      return { link, token };
    },

    async revokeLink(id) {
      const link = await reader.shareLink(id);
      if (!link) throw new ShareLinkNotFound(id);
      if (link.revokedAt) return link;
      const revokedAt = clock.now();
      await unitOfWork.run((writer) => writer.revokeShareLink(id, revokedAt));
      return { ...link, revokedAt };
    },

    async open(token) {
      const link = await reader.shareLinkByHash(tokens.hash(token));
      if (!link || link.revokedAt || link.expiresAt <= clock.now()) return null;
      const [resume] = await reader.resumesByIds([link.resumeId]);
      const versionId = link.versionId ?? resume?.latestVersionId;
      const [version] = versionId ? await reader.versionsByIds([versionId]) : [];
      if (!resume || !version) return null;
      await unitOfWork.run((writer) => writer.countUse(link.id));
      return { link: { ...link, uses: link.uses + 1 }, resume, version };
    },

    shareWithGroup: (resumeId, groupId, by) =>
      unitOfWork.run(async (writer) => {
        const resume = await writer.lockResume(resumeId);
        if (!resume) throw new ResumeNotFound(resumeId);
        const groups = await writer.groups(resumeId);
        if (groups.includes(groupId)) return resume;
        if (groups.length >= limits.groups) throw new TooMany('groups', limits.groups, 'take it from one first');
        await writer.addGroup(resumeId, groupId, by, clock.now());
        return resume;
      }),
    unshareWithGroup: (resumeId, groupId) =>
      unitOfWork.run(async (writer) => {
        const resume = await writer.lockResume(resumeId);
        if (!resume) throw new ResumeNotFound(resumeId);
        await writer.removeGroup(resumeId, groupId);
        return resume;
      }),
  };
}
