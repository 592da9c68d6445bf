import { requireIdentity } from '@loomgraph/auth';
import { Arg, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { ResumeNotFound, ShareLinkNotFound } from '../domain/errors.js';
import type { ResumeReader } from '../domain/ports.js';
import type { ResumeSharing } from '../domain/share-resumes.js';
import { requireResume } from './access.js';
import type { ResumesContext } from './context.js';
import type { Downloads } from './downloads.js';
import { toResume, toShareLink } from './present.js';
import { CreateResumeShareLinkInput, ResumeGroupInput } from './resume.input.js';
import { ResumePayload } from './resume.mutations.js';
import { ResumeShareLink, SharedResume } from './resume.type.js';

@ObjectType({ description: 'A share link that was made.', simpleResolvers: true })
export class CreateResumeShareLinkPayload {
  @Field(() => ResumeShareLink, { description: 'The link.' })
  shareLink!: ResumeShareLink;

  @Field(() => String, { description: 'The secret that opens it, with the query sharedResume. It is shown here only, and kept nowhere.' })
  token!: string;
}

@ObjectType({ description: 'A share link that was taken back.', simpleResolvers: true })
export class RevokeResumeShareLinkPayload {
  @Field(() => ResumeShareLink, { description: 'The link.' })
  shareLink!: ResumeShareLink;
}

interface SharingDependencies {
  readonly sharing: ResumeSharing;
  readonly reader: ResumeReader;
  readonly downloads: Downloads;
}

/** A token is 43 characters; what is longer is not worth a hash. */
const MAX_TOKEN_LENGTH = 200;

@Resolver()
export class ResumeSharingResolver {
  readonly #deps: SharingDependencies;

  constructor(deps: SharingDependencies) {
    this.#deps = deps;
  }

  @Query(() => SharedResume, {
    nullable: true,
    description: 'What a share link shows, without signing in; null where the link is unknown, expired or taken back.',
  })
  async sharedResume(@Arg('token', () => String) token: string): Promise<SharedResume | null> {
    if (token.length > MAX_TOKEN_LENGTH) return null;
    const shared = await this.#deps.sharing.open(token);
    if (!shared) return null;
    const { resume, version } = shared;
    return {
      title: resume.title,
      language: resume.language,
      fileName: version.fileName,
      mimeType: version.contentType,
      sizeBytes: version.sizeBytes,
      sha256: version.sha256,
      createdAt: version.createdAt,
      download: await this.#deps.downloads(version),
    };
  }

  @Mutation(() => CreateResumeShareLinkPayload, {
    description: 'Makes a link that shows a resume to whoever has it, until it expires or is taken back; for its owner and administrators.',
  })
  async createResumeShareLink(
    @Arg('input', () => CreateResumeShareLinkInput) { resumeId, versionId, expiresAt }: CreateResumeShareLinkInput,
    @Ctx() context: ResumesContext,
  ): Promise<CreateResumeShareLinkPayload> {
    const { userId: by } = await requireResume(context, 'update', resumeId);
    const { link, token } = await this.#deps.sharing.createLink({ resumeId, versionId: versionId ?? null, expiresAt, by });
    return { shareLink: toShareLink(link), token };
  }

  @Mutation(() => RevokeResumeShareLinkPayload, {
    description: 'Takes a share link back, at once; for the owner of the resume and administrators.',
  })
  async revokeResumeShareLink(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<RevokeResumeShareLinkPayload> {
    requireIdentity(context.identity);
    const link = await this.#deps.reader.shareLink(id);
    if (!link) throw new ShareLinkNotFound(id);
    try {
      await requireResume(context, 'update', link.resumeId);
    } catch (error) {
      // Who may not see the resume does not learn that it has this link.
      throw error instanceof ResumeNotFound ? new ShareLinkNotFound(id) : error;
    }
    return { shareLink: toShareLink(await this.#deps.sharing.revokeLink(id)) };
  }

  @Mutation(() => ResumePayload, {
    description: "Lets the members of a group read a resume, a company's recruiters for instance; for its owner and administrators.",
  })
  async shareResumeWithGroup(
    @Arg('input', () => ResumeGroupInput) { resumeId, groupId }: ResumeGroupInput,
    @Ctx() context: ResumesContext,
  ): Promise<ResumePayload> {
    const { userId } = await requireResume(context, 'update', resumeId);
    const resume = await this.#deps.sharing.shareWithGroup(resumeId, groupId, userId);
    context.loaders.groups.clear(resumeId);
    return { resume: toResume(resume) };
  }

  @Mutation(() => ResumePayload, { description: 'Takes a resume back from a group; for its owner and administrators.' })
  async unshareResumeWithGroup(
    @Arg('input', () => ResumeGroupInput) { resumeId, groupId }: ResumeGroupInput,
    @Ctx() context: ResumesContext,
  ): Promise<ResumePayload> {
    await requireResume(context, 'update', resumeId);
    const resume = await this.#deps.sharing.unshareWithGroup(resumeId, groupId);
    context.loaders.groups.clear(resumeId);
    return { resume: toResume(resume) };
  }
}
