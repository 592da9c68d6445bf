import { requireIdentity } from '@loomgraph/auth';
import { given, PageArgs, pageOf, SortDirection, toConnection } from '@loomgraph/subgraph-kit';
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { resumeCursorTag, versionCursorTag } from '../domain/cursor-tags.js';
import type { ResumeOrder, ResumeReader } from '../domain/ports.js';
import { profileOf } from '../domain/recommendations/profile.js';
import { mayDo, readableResume, readableVersion } from './access.js';
import type { ResumesContext } from './context.js';
import { PAGE } from './cost.js';
import type { Downloads } from './downloads.js';
import { toResume, toResumeVersion, toShareLink } from './present.js';
import { toUnderstanding } from './present-understanding.js';
import { ResumeFilterInput, ResumeOrderInput, ResumeVersionFilterInput } from './resume.input.js';
import { ResumeProfile } from './recommendations/profile.type.js';
import { ResumeUnderstanding } from './understanding.type.js';
import { Resume, ResumeConnection, ResumeDownload, ResumeShareLink, ResumeVersion, ResumeVersionConnection } from './resume.type.js';

const sortFields = { TITLE: 'title', CREATED_AT: 'createdAt', UPDATED_AT: 'updatedAt' } as const;
const lastChangedFirst: ResumeOrder = { field: 'updatedAt', direction: 'desc' };

@Resolver(() => Resume)
export class ResumeResolver {
  readonly #reader: ResumeReader;

  constructor(deps: { reader: ResumeReader }) {
    this.#reader = deps.reader;
  }

  @Query(() => Resume, { nullable: true, description: 'A resume by id; null where there is none that the caller may read.' })
  async resume(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<Resume | null> {
    const resume = await readableResume(context, id);
    return resume && toResume(resume);
  }

  @Directive(PAGE)
  @Query(() => ResumeConnection, {
    description:
      "Resumes that the caller may read, last changed first unless stated; pages of at most 100. `filter: { userId }` narrows them to one's own.",
  })
  async resumes(
    @Ctx() context: ResumesContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ResumeFilterInput, { nullable: true }) filter?: ResumeFilterInput,
    @Arg('orderBy', () => ResumeOrderInput, { nullable: true }) orderBy?: ResumeOrderInput,
  ): Promise<ResumeConnection> {
    const order: ResumeOrder = orderBy
      ? { field: sortFields[orderBy.field], direction: orderBy.direction === SortDirection.ASC ? 'asc' : 'desc' }
      : lastChangedFirst;
    const visible = await context.authorizer.filter(requireIdentity(context.identity), 'read', 'resume');
    return toConnection(
      await this.#reader.listResumes({ ...given(filter), visible }, order, pageOf(page, resumeCursorTag(order))),
      toResume,
    );
  }

  @Query(() => ResumeVersion, { nullable: true, description: 'A version by id; null where there is none that the caller may read.' })
  async resumeVersion(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<ResumeVersion | null> {
    const version = await readableVersion(context, id);
    return version && toResumeVersion(version);
  }

  @FieldResolver(() => ResumeVersion, { nullable: true, description: 'The newest version; null where there is none yet.' })
  async latestVersion(@Root() { record }: Resume, @Ctx() context: ResumesContext): Promise<ResumeVersion | null> {
    const version = record.latestVersionId && (await context.loaders.version.load(record.latestVersionId));
    return version ? toResumeVersion(version) : null;
  }

  @FieldResolver(() => ResumeProfile, {
    nullable: true,
    description: 'What others recommend by, of its newest version that is understood, without name and contacts; null where there is none.',
  })
  async profile(@Root() { id, language }: Resume, @Ctx() context: ResumesContext): Promise<ResumeProfile | null> {
    const versionId = await context.loaders.understoodVersion.load(id);
    const understanding = versionId === null ? null : await context.loaders.understanding.load(versionId);
    return understanding?.text != null && understanding.analysis ? profileOf(language, understanding.text, understanding.analysis) : null;
  }

  @FieldResolver(() => Int, { description: 'How many versions there are.' })
  versionCount(@Root() { id }: Resume, @Ctx() context: ResumesContext): Promise<number> {
    return context.loaders.versionCount.load(id);
  }

  @Directive(PAGE)
  @FieldResolver(() => ResumeVersionConnection, { description: 'Its versions, newest first; one statement for each resume that is asked.' })
  async versions(
    @Root() { id }: Resume,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ResumeVersionFilterInput, { nullable: true }) filter?: ResumeVersionFilterInput,
  ): Promise<ResumeVersionConnection> {
    const { mimeType, fileNameContains } = given(filter);
    const wanted = {
      ...(mimeType === undefined ? {} : { contentType: mimeType }),
      ...(fileNameContains === undefined ? {} : { fileNameContains }),
    };
    return toConnection(await this.#reader.listVersions(id, wanted, pageOf(page, versionCursorTag)), toResumeVersion);
  }

  @FieldResolver(() => [ResumeShareLink], {
    nullable: true,
    description: 'Its share links, newest first, those that are over for up to a month; null for who may only read it.',
  })
  async shareLinks(@Root() { id, record }: Resume, @Ctx() context: ResumesContext): Promise<readonly ResumeShareLink[] | null> {
    if (!(await mayDo(context, 'update', record))) return null;
    return (await context.loaders.shareLinks.load(id)).map(toShareLink);
  }

  @FieldResolver(() => [ID], {
    nullable: true,
    description: 'Ids of the groups whose members may read it; null for who may only read it.',
  })
  async sharedWithGroups(@Root() { id, record }: Resume, @Ctx() context: ResumesContext): Promise<readonly string[] | null> {
    return (await mayDo(context, 'update', record)) ? context.loaders.groups.load(id) : null;
  }
}

@Resolver(() => ResumeVersion)
export class ResumeVersionResolver {
  readonly #downloads: Downloads;

  constructor(deps: { downloads: Downloads }) {
    this.#downloads = deps.downloads;
  }

  @FieldResolver(() => Resume, { nullable: true, description: 'The resume it is of.' })
  async resume(@Root() { resumeId }: ResumeVersion, @Ctx() context: ResumesContext): Promise<Resume | null> {
    const resume = await readableResume(context, resumeId);
    return resume && toResume(resume);
  }

  @FieldResolver(() => ResumeUnderstanding, { nullable: true, description: 'What was found in it; it is looked at once it is there.' })
  async understanding(@Root() { id }: ResumeVersion, @Ctx() context: ResumesContext): Promise<ResumeUnderstanding | null> {
    const understanding = await context.loaders.understanding.load(id);
    return understanding && toUnderstanding(understanding);
  }

  @FieldResolver(() => ResumeDownload, { description: 'Where to fetch the file; works for some minutes.' })
  download(@Root() { record }: ResumeVersion): Promise<ResumeDownload> {
    return this.#downloads(record);
  }
}
