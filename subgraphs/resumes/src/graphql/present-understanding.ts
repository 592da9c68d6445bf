import { isoOf } from '../domain/understanding/periods.js';
import type { Understanding } from '../domain/understanding/understanding.js';
import { member } from './present.js';
import { Seniority, UnderstandingState, UnreadableReason, type ResumeUnderstanding } from './understanding.type.js';

export function toUnderstanding({ state, reason, updatedAt, text, jsonResume, analysis }: Understanding): ResumeUnderstanding {
  const contact = analysis?.contact;
  return {
    state: member(UnderstandingState, state),
    reason: reason && member(UnreadableReason, reason),
    updatedAt,
    text,
    textLanguage: analysis?.textLanguage ?? null,
    jsonResume: jsonResume && { ...jsonResume },
    name: contact?.name ?? null,
    label: contact?.label ?? null,
    email: contact?.email ?? null,
    phone: contact?.phone ?? null,
    location: contact?.location ?? null,
    yearsOfExperience: analysis?.years ?? null,
    seniority: analysis?.seniority ? member(Seniority, analysis.seniority.value) : null,
    skills: (analysis?.skills ?? []).map(({ value, confidence, spans }) => ({ ...value, confidence, spans })),
    languages: (analysis?.languages ?? []).map(({ value, confidence, spans }) => ({ ...value, confidence, spans })),
    work: (analysis?.work ?? []).map(({ company, position, period }) => ({
      company,
      position,
      startDate: isoOf(period.from),
      endDate: period.to && isoOf(period.to),
    })),
    education: analysis?.education ?? [],
    sections: analysis?.sections ?? [],
  };
}
