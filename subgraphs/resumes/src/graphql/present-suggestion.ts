import type { Advice, Assessment, WordedRequirement } from '../domain/suggestions/assessment.js';
import type { Evidence } from '../domain/suggestions/evidence.js';
import type { Suggestion } from '../domain/suggestions/suggestion.js';
import {
  AdviceKind,
  EvidenceSource,
  RequirementImportance,
  RequirementKind,
  type ResumeAdvice,
  type ResumeAssessment,
  type ResumeEvidence,
  type ResumeRequirement,
} from './assessment.type.js';
import { member } from './present.js';
import { SuggestionFailure, SuggestionState, type ResumeSuggestion } from './suggestion.type.js';

export function toSuggestion(record: Suggestion): ResumeSuggestion {
  const { id, userId, resumeId, versionId, jobTitle, locale, state, reason, score, analyser, analyserVersion, createdAt, updatedAt } =
    record;
  return {
    id,
    userId,
    resumeId,
    versionId,
    jobTitle,
    locale,
    state: member(SuggestionState, state),
    reason: reason && member(SuggestionFailure, reason),
    score,
    analyser,
    analyserVersion,
    createdAt,
    updatedAt,
    record,
  };
}

export function toAssessment({ score, explanation, subScores, matched, missing, advice }: Assessment): ResumeAssessment {
  return {
    score,
    explanation,
    subScores,
    matched: matched.map(({ share, foundIn, ...requirement }) => ({
      requirement: toRequirement(requirement),
      share,
      evidence: toEvidence(foundIn),
    })),
    missing: missing.map(toRequirement),
    advice: advice.map(toAdvice),
  };
}

export const toRequirement = ({ asked, importance, label, evidence }: WordedRequirement): ResumeRequirement => ({
  kind: member(RequirementKind, asked.kind),
  importance: member(RequirementImportance, importance),
  label,
  evidence: toEvidence(evidence),
});

const toAdvice = ({ kind, text, evidence }: Advice): ResumeAdvice => ({
  kind: member(AdviceKind, kind),
  text,
  evidence: toEvidence(evidence),
});

export const toEvidence = (evidence: Evidence): readonly ResumeEvidence[] =>
  evidence.map(({ source, start, end, quote }) => ({ source: member(EvidenceSource, source), start, end, quote }));
