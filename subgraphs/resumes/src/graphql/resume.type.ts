import { PageInfo } from '@loomgraph/subgraph-kit';
import { Directive, Field, GraphQLISODateTime, ID, Int, ObjectType } from 'type-graphql';
import type { Resume as ResumeRecord, ResumeVersion as VersionRecord, ShareLink as LinkRecord } from '../domain/resume.js';

@ObjectType({
  description: 'A resume: a name for its versions. For its owner, whom it is shared with, and administrators.',
  simpleResolvers: true,
})
@Directive('@key(fields: "id")')
export class Resume {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Field(() => ID, { description: 'Id of the user it is about, and who owns it.' })
  userId!: string;

  @Field(() => String, { description: 'The name people see; at most 200 characters.' })
  title!: string;

  @Field(() => String, { description: 'BCP 47 tag of the language it is written in; zh unless stated.' })
  language!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When it was last changed; a new version is a change.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Rises by one with every committed change.' })
  revision!: number;

  /** Not a field: loaders start from it. */
  record!: ResumeRecord;
}

@ObjectType({ description: 'One file of a resume. It never changes.', simpleResolvers: true })
@Directive('@key(fields: "id")')
export class ResumeVersion {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Field(() => ID, { description: 'The resume it is of.' })
  resumeId!: string;

  @Field(() => Int, { description: 'From 1, in the order they were completed. Numbers of deleted versions are not given again.' })
  number!: number;

  @Field(() => String, { description: 'The name of the file, as its uploader gave it.' })
  fileName!: string;

  @Field(() => String, { description: 'Its MIME type, as its content was found to be.' })
  mimeType!: string;

  @Field(() => Int, { description: 'Its size in bytes.' })
  sizeBytes!: number;

  @Field(() => String, { description: 'SHA-256 of its content, in hex.' })
  sha256!: string;

  @Field(() => String, { description: 'What its uploader said about it.' })
  comment!: string;

  @Field(() => ID, { description: 'Id of the user who uploaded it.' })
  createdBy!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it was completed.' })
  createdAt!: Date;

  /** Not a field: the link for downloads is made from it. */
  record!: VersionRecord;
}

@ObjectType({ description: 'Where a file can be fetched for a while, without a token.', simpleResolvers: true })
export class ResumeDownload {
  @Field(() => String, { description: 'Fetch it with GET; the answer names the file as its uploader did.' })
  url!: string;

  @Field(() => GraphQLISODateTime, { description: 'From when on the URL is refused.' })
  expiresAt!: Date;
}

@ObjectType({ description: 'A link that shows a resume to whoever has it.', simpleResolvers: true })
export class ResumeShareLink {
  @Field(() => ID, { description: 'Its id; not the secret in the link.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'The one version it shows; null for whichever is the newest.' })
  versionId!: string | null;

  @Field(() => GraphQLISODateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When it stops working.' })
  expiresAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it was taken back; null where it was not.' })
  revokedAt!: Date | null;

  @Field(() => Int, { description: 'How often it was opened.' })
  uses!: number;

  /** Not a field. */
  record!: LinkRecord;
}

@ObjectType({ description: 'What somebody with a share link sees.', simpleResolvers: true })
export class SharedResume {
  @Field(() => String, { description: 'The title of the resume.' })
  title!: string;

  @Field(() => String, { description: 'BCP 47 tag of its language.' })
  language!: string;

  @Field(() => String, { description: 'The name of the file.' })
  fileName!: string;

  @Field(() => String, { description: 'Its MIME type.' })
  mimeType!: string;

  @Field(() => Int, { description: 'Its size in bytes.' })
  sizeBytes!: number;

  @Field(() => String, { description: 'SHA-256 of its content, in hex.' })
  sha256!: string;

  @Field(() => GraphQLISODateTime, { description: 'When the version was completed.' })
  createdAt!: Date;

  @Field(() => ResumeDownload, { description: 'Where to fetch it; works a few minutes longer than a link that is taken back meanwhile.' })
  download!: ResumeDownload;
}

@ObjectType({ description: 'A resume in a list.', simpleResolvers: true })
export class ResumeEdge {
  @Field(() => String, { description: 'Give it to `after` or `before` of the same order.' })
  cursor!: string;

  @Field(() => Resume, { description: 'The resume.' })
  node!: Resume;
}

@ObjectType({ description: 'A page of resumes.', simpleResolvers: true })
export class ResumeConnection {
  @Field(() => [ResumeEdge], { description: 'The page, in order.' })
  edges!: readonly ResumeEdge[];

  @Field(() => [Resume], { description: 'The resumes of the page, without cursors.' })
  nodes!: readonly Resume[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Exact number of resumes the filter matches; costs a count when asked for.' })
  totalCount!: number | (() => Promise<number>);
}

@ObjectType({ description: 'A version in a list.', simpleResolvers: true })
export class ResumeVersionEdge {
  @Field(() => String, { description: 'Give it to `after` or `before`.' })
  cursor!: string;

  @Field(() => ResumeVersion, { description: 'The version.' })
  node!: ResumeVersion;
}

@ObjectType({ description: 'A page of versions.', simpleResolvers: true })
export class ResumeVersionConnection {
  @Field(() => [ResumeVersionEdge], { description: 'The page, newest first.' })
  edges!: readonly ResumeVersionEdge[];

  @Field(() => [ResumeVersion], { description: 'The versions of the page, without cursors.' })
  nodes!: readonly ResumeVersion[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Exact number of versions the filter matches; costs a count when asked for.' })
  totalCount!: number | (() => Promise<number>);
}
