/** What somebody keeps to show who they are: a name for its versions. */
export interface Resume {
  readonly id: string;
  /** The person it is about, and who owns it. */
  readonly userId: string;
  readonly title: string;
  /** BCP 47 tag of the language it is written in. */
  readonly language: string;
  /** Highest number a version was ever given; numbers are not given again. */
  readonly lastNumber: number;
  /** The newest version that is there; null where there is none. */
  readonly latestVersionId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Rises by one with every committed change. */
  readonly revision: number;
}

/** One file of a resume. It never changes once it is there. */
export interface ResumeVersion {
  readonly id: string;
  readonly resumeId: string;
  readonly userId: string;
  /** From 1, in the order they were completed. */
  readonly number: number;
  /** As the uploader named it. */
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Of the content, in hex. */
  readonly sha256: string;
  readonly comment: string;
  /** Where the object store has it. */
  readonly objectKey: string;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** A version that is being uploaded; its id becomes the version's. */
export interface ResumeUpload {
  readonly id: string;
  readonly resumeId: string;
  readonly userId: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly comment: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  /** Until then the file can be sent; it can be completed for as long again. */
  readonly expiresAt: Date;
}

/** Lets whoever has its token read a resume without signing in. */
export interface ShareLink {
  readonly id: string;
  readonly resumeId: string;
  /** The one version it shows; null for whichever is the newest. */
  readonly versionId: string | null;
  /** SHA-256 of the token, in hex: the token itself is nowhere. */
  readonly tokenHash: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  /** How often it was opened. */
  readonly uses: number;
}

export const limits = {
  titleLength: 200,
  commentLength: 1_000,
  languageLength: 35,
  /** What every file system holds in one name. */
  fileNameBytes: 255,
  versions: 100,
  /** Uploads of one resume that are under way. */
  uploads: 20,
  shareLinks: 50,
  groups: 20,
  shareLinkMs: { min: 60_000, max: 365 * 86_400_000 },
} as const;
