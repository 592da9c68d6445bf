import type { Backup, Check, Restore } from '../domain/backups/backup.js';
import {
  ResumeBackupFailure,
  ResumeCheckDepth,
  ResumeFileProblem,
  ResumeRestoreFailure,
  ResumeRestorePolicy,
  ResumeRestoreResult,
  ResumeWorkState,
  type ResumeBackup,
  type ResumeCheck,
  type ResumeRestore,
} from './backup.type.js';
import { member } from './present.js';

export function toBackup(record: Backup): ResumeBackup {
  const { state, reason, ...rest } = record;
  return { ...rest, state: member(ResumeWorkState, state), reason: reason && member(ResumeBackupFailure, reason), record };
}

export function toRestore({ state, reason, policy, outcomes, ...rest }: Restore): ResumeRestore {
  return {
    ...rest,
    state: member(ResumeWorkState, state),
    reason: reason && member(ResumeRestoreFailure, reason),
    policy: policy && member(ResumeRestorePolicy, policy),
    outcomes: outcomes.map((outcome) => ({ ...outcome, result: member(ResumeRestoreResult, outcome.result) })),
  };
}

export function toCheck({ figures, depth, state, ...rest }: Check): ResumeCheck {
  return {
    ...rest,
    ...figures,
    depth: member(ResumeCheckDepth, depth),
    state: member(ResumeWorkState, state),
    findings: figures.findings.map((finding) => ({ ...finding, problem: member(ResumeFileProblem, finding.problem) })),
  };
}
