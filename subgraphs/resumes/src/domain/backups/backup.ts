/**
 * Where work that outlives its request is: `waiting` for an archive that is being uploaded, `queued` and `running` in some process, `done`, or
 * `failed` with a reason.
 */
export const workStates = ['waiting', 'queued', 'running', 'done', 'failed'] as const;
export type WorkState = (typeof workStates)[number];

export const backupFailures = ['nothing', 'too-large', 'damaged', 'internal'] as const;
export type BackupFailure = (typeof backupFailures)[number];

/** One resume, or all of a user's, in one archive. */
export interface Backup {
  readonly id: string;
  /** Whose resumes they are. */
  readonly userId: string;
  /** The one resume; null for all. */
  readonly resumeId: string | null;
  readonly requestedBy: string;
  readonly state: WorkState;
  readonly reason: BackupFailure | null;
  /** What the reason is about, for whoever asked; null where that says all. */
  readonly detail: string | null;
  readonly resumes: number;
  /** Files in the archive so far, and in all. */
  readonly done: number;
  readonly total: number;
  /** Of the archive; null until it is done. */
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** When the archive is deleted, and the backup forgotten. */
  readonly expiresAt: Date;
}

/** What becomes of a resume of the archive that is there already: it stays, becomes what the archive has, or stands beside a copy of that. */
export const restorePolicies = ['skip', 'replace', 'copy'] as const;
export type RestorePolicy = (typeof restorePolicies)[number];

export const restoreFailures = [
  'missing',
  'too-large',
  'broken',
  'manifest',
  'newer-version',
  'owner',
  'entries',
  'checksum',
  'file',
  'infected',
  'internal',
] as const;
export type RestoreFailure = (typeof restoreFailures)[number];

export const restoreResults = ['restored', 'replaced', 'unchanged', 'copied', 'skipped', 'conflict'] as const;
export type RestoreResult = (typeof restoreResults)[number];

/** What became of one resume of an archive. */
export interface RestoreOutcome {
  /** Its id in the archive. */
  readonly resumeId: string;
  readonly title: string;
  readonly result: RestoreResult;
  /** The resume that has it now; null for one that was not restored. */
  readonly restoredId: string | null;
  /** Versions that were written. */
  readonly versions: number;
}

export interface Restore {
  readonly id: string;
  readonly userId: string;
  readonly requestedBy: string;
  /** The backup it is from; null where an archive was uploaded for it. */
  readonly backupId: string | null;
  /** Null while it waits for its archive. */
  readonly policy: RestorePolicy | null;
  readonly state: WorkState;
  readonly reason: RestoreFailure | null;
  readonly detail: string | null;
  /** Files written so far, and in all. */
  readonly done: number;
  readonly total: number;
  /** Empty unless it is done. */
  readonly outcomes: readonly RestoreOutcome[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Until then the archive can be sent and the restore asked for; one that is over is forgotten then. */
  readonly expiresAt: Date;
}

/** How far files are looked at: whether they are there with their size, or every byte of them. */
export const checkDepths = ['size', 'content'] as const;
export type CheckDepth = (typeof checkDepths)[number];

export const fileProblems = ['missing', 'wrong-size', 'wrong-checksum', 'orphan'] as const;
export type FileProblem = (typeof fileProblems)[number];

export interface CheckFinding {
  readonly problem: FileProblem;
  /** The version; of an orphan, the one its key names, which is not there; null where it names none. */
  readonly versionId: string | null;
  readonly repaired: boolean;
}

export interface CheckFigures {
  readonly versions: number;
  readonly objects: number;
  readonly missing: number;
  readonly wrongSize: number;
  readonly wrongChecksum: number;
  readonly orphans: number;
  readonly repaired: number;
  /** The first of them. */
  readonly findings: readonly CheckFinding[];
}

/** Compares the record of all resumes with the object store, and with the vectors. */
export interface Check {
  readonly id: string;
  readonly requestedBy: string;
  readonly depth: CheckDepth;
  readonly repair: boolean;
  readonly state: WorkState;
  readonly figures: CheckFigures;
  /** The job of the sync engine that compares the vectors. */
  readonly syncJobId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const noFigures: CheckFigures = {
  versions: 0,
  objects: 0,
  missing: 0,
  wrongSize: 0,
  wrongChecksum: 0,
  orphans: 0,
  repaired: 0,
  findings: [],
};

export const backupLimits = {
  /** Of a user, kept at a time. */
  backups: 10,
  /** Of a user, uploads and restores that are not over. */
  restores: 5,
  /** Kept of checks. */
  checks: 20,
  findings: 100,
  /** Of one archive. */
  resumes: 1_000,
  manifestBytes: 16 * 1024 * 1024,
  /** What an archive may have beside its files: the manifest, and what a ZIP says of its entries. */
  overheadBytes: 32 * 1024 * 1024,
} as const;
