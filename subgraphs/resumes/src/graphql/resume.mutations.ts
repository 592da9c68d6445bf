import { requirePermission } from '@loomgraph/auth';
import { given } from '@loomgraph/subgraph-kit';
import { Arg, Ctx, Field, GraphQLISODateTime, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { ResumeManagement } from '../domain/manage-resumes.js';
import type { ResumeReader } from '../domain/ports.js';
import type { Uploads } from '../domain/upload.js';
import { UploadNotFound, VersionNotFound } from '../domain/errors.js';
import { requireResume, requireVersion } from './access.js';
import type { ResumesContext } from './context.js';
import { toResume, toResumeVersion } from './present.js';
import { CompleteResumeUploadInput, CreateResumeInput, RequestResumeUploadInput, UpdateResumeInput } from './resume.input.js';
import { Resume, ResumeVersion } from './resume.type.js';

@ObjectType({ description: 'A resume after a change.', simpleResolvers: true })
export class ResumePayload {
  @Field(() => Resume, { description: 'The resume as committed.' })
  resume!: Resume;
}

@ObjectType({ description: 'The resume, or the version, that was deleted.', simpleResolvers: true })
export class DeleteResumePayload {
  @Field(() => ID, { description: 'Its id.' })
  deletedId!: string;
}

@ObjectType({ description: 'The resume without the version that was deleted.', simpleResolvers: true })
export class DeleteResumeVersionPayload {
  @Field(() => ID, { description: 'Id of the version.' })
  deletedId!: string;

  @Field(() => Resume, { description: 'The resume as committed.' })
  resume!: Resume;
}

@ObjectType({ description: 'A header that has to be sent.', simpleResolvers: true })
export class UploadHeader {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { description: 'Its value.' })
  value!: string;
}

@ObjectType({ description: 'Where a file is to be sent.', simpleResolvers: true })
export class ResumeUpload {
  @Field(() => ID, { description: 'Complete it by this id; it becomes the id of the version.' })
  id!: string;

  @Field(() => String, { description: 'Send the file there, whole, with PUT; no token is needed.' })
  url!: string;

  @Field(() => [UploadHeader], { description: 'Headers the request must carry.' })
  headers!: readonly UploadHeader[];

  @Field(() => Int, { description: 'Larger files are refused.' })
  maxBytes!: number;

  @Field(() => GraphQLISODateTime, { description: 'From when on the URL is refused.' })
  expiresAt!: Date;
}

@ObjectType({ description: 'An upload that was prepared.', simpleResolvers: true })
export class RequestResumeUploadPayload {
  @Field(() => ResumeUpload, { description: 'What to do next.' })
  upload!: ResumeUpload;
}

@ObjectType({ description: 'A version that was made of an upload.', simpleResolvers: true })
export class CompleteResumeUploadPayload {
  @Field(() => ResumeVersion, { description: 'The version.' })
  version!: ResumeVersion;

  @Field(() => Resume, { description: 'The resume as committed.' })
  resume!: Resume;
}

@ObjectType({ description: 'A version that is looked at again.', simpleResolvers: true })
export class UnderstandResumeVersionPayload {
  @Field(() => ResumeVersion, { description: 'The version; its understanding is queued.' })
  version!: ResumeVersion;
}

interface MutationDependencies {
  readonly resumes: ResumeManagement;
  readonly uploads: Uploads;
  readonly reader: ResumeReader;
  readonly maxBytes: number;
}

@Resolver()
export class ResumeMutations {
  readonly #deps: MutationDependencies;

  constructor(deps: MutationDependencies) {
    this.#deps = deps;
  }

  @Mutation(() => ResumePayload, { description: 'Makes a resume of the caller, without any version.' })
  async createResume(
    @Arg('input', () => CreateResumeInput) { title, language }: CreateResumeInput,
    @Ctx() context: ResumesContext,
  ): Promise<ResumePayload> {
    const { userId } = await requirePermission(context.authorizer, context.identity, { action: 'create', resource: { type: 'resume' } });
    return { resume: toResume(await this.#deps.resumes.create({ title, language }, userId)) };
  }

  @Mutation(() => ResumePayload, { description: 'Renames a resume or states its language; for its owner and administrators.' })
  async updateResume(
    @Arg('input', () => UpdateResumeInput) input: UpdateResumeInput,
    @Ctx() context: ResumesContext,
  ): Promise<ResumePayload> {
    const { id, expectedRevision, ...fields } = given(input) as Partial<UpdateResumeInput> & { id: string }; // it is required
    await requireResume(context, 'update', id);
    return { resume: toResume(await this.#deps.resumes.update(id, fields, expectedRevision)) };
  }

  @Mutation(() => DeleteResumePayload, {
    description: 'Deletes a resume with its versions, their files and its share links; for its owner and administrators.',
  })
  async deleteResume(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<DeleteResumePayload> {
    await requireResume(context, 'delete', id);
    await this.#deps.resumes.remove(id);
    return { deletedId: id };
  }

  @Mutation(() => DeleteResumeVersionPayload, {
    description: 'Deletes one version and its file; for the owner of the resume and administrators.',
  })
  async deleteResumeVersion(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<DeleteResumeVersionPayload> {
    await requireVersion(context, 'delete', id);
    return { deletedId: id, resume: toResume(await this.#deps.resumes.removeVersion(id)) };
  }

  @Mutation(() => UnderstandResumeVersionPayload, {
    description:
      'Has a version looked at again, after a failure or a release with other rules; for the owner of the resume and administrators.',
  })
  async understandResumeVersion(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<UnderstandResumeVersionPayload> {
    await requireVersion(context, 'update', id);
    await this.#deps.resumes.understandAgain(id);
    context.loaders.understanding.clear(id);
    const version = await context.loaders.version.load(id);
    if (!version) throw new VersionNotFound(id);
    return { version: toResumeVersion(version) };
  }

  @Mutation(() => RequestResumeUploadPayload, {
    description:
      'Prepares the upload of a version: send the file to the URL with PUT, then call completeResumeUpload. For the owner of the resume and administrators.',
  })
  async requestResumeUpload(
    @Arg('input', () => RequestResumeUploadInput) input: RequestResumeUploadInput,
    @Ctx() context: ResumesContext,
  ): Promise<RequestResumeUploadPayload> {
    const { resumeId, fileName, mimeType: contentType, sizeBytes, comment } = input;
    const { userId } = await requireResume(context, 'update', resumeId);
    const { upload, target } = await this.#deps.uploads.request({ resumeId, fileName, contentType, sizeBytes, comment }, userId);
    return {
      upload: {
        id: upload.id,
        url: target.url,
        headers: Object.entries(target.headers).map(([name, value]) => ({ name, value })),
        maxBytes: this.#deps.maxBytes,
        expiresAt: upload.expiresAt,
      },
    };
  }

  @Mutation(() => CompleteResumeUploadPayload, {
    description:
      'Makes a version of a file that was uploaded, if it is what it was said to be. Completing it again answers the same version. A file that is refused is deleted.',
  })
  async completeResumeUpload(
    @Arg('input', () => CompleteResumeUploadInput) { uploadId, sha256 }: CompleteResumeUploadInput,
    @Ctx() context: ResumesContext,
  ): Promise<CompleteResumeUploadPayload> {
    const { reader, uploads } = this.#deps;
    const known = (await reader.upload(uploadId)) ?? (await context.loaders.version.load(uploadId));
    if (!known) throw new UploadNotFound(uploadId);
    await requireResume(context, 'update', known.resumeId);
    const { version, resume } = await uploads.complete(uploadId, sha256 ?? undefined);
    return { version: toResumeVersion(version), resume: toResume(resume) };
  }
}
