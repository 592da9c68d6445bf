import type { PlantedFacts } from './planted-resume.js';

/** What was found, by the names of GraphQL. */
export interface FoundFacts {
  readonly name: { readonly value: string } | null;
  readonly email: { readonly value: string } | null;
  readonly phone: { readonly value: string } | null;
  readonly location: { readonly value: string } | null;
  readonly work: readonly {
    readonly company: { readonly value: string } | null;
    readonly position: { readonly value: string } | null;
    readonly startDate: string;
    readonly endDate: string | null;
  }[];
  readonly education: readonly {
    readonly institution: { readonly value: string };
    readonly degree: { readonly value: string } | null;
    readonly area: { readonly value: string } | null;
  }[];
  readonly skills: readonly { readonly name: string }[];
  readonly languages: readonly { readonly language: string }[];
}

/** Each planted fact, and whether it was found exactly, in its place: a company counts in the position it was planted in. */
export function comparePlanted(planted: PlantedFacts, found: FoundFacts): readonly { readonly fact: string; readonly isFound: boolean }[] {
  const compact = (text: string | undefined): string | undefined => text?.replace(/[\s-]/g, '');
  const skills = new Set(found.skills.map(({ name }) => name));
  const spoken = new Set(found.languages.map(({ language }) => language));
  const school = found.education.find(({ institution }) => institution.value === planted.institution);
  return [
    { fact: `name ${planted.name}`, isFound: found.name?.value === planted.name },
    { fact: `email ${planted.email}`, isFound: found.email?.value === planted.email },
    { fact: `phone ${planted.phone}`, isFound: compact(found.phone?.value) === compact(planted.phone) },
    { fact: `location ${planted.location}`, isFound: found.location?.value === planted.location },
    ...planted.work.flatMap(({ company, position, startDate, endDate }) => {
      const entry = found.work.find((one) => one.startDate === startDate);
      return [
        { fact: `company ${company}`, isFound: entry?.company?.value === company },
        { fact: `position ${position}`, isFound: entry?.position?.value === position },
        { fact: `period ${startDate}–${endDate ?? ''}`, isFound: entry !== undefined && entry.endDate === endDate },
      ];
    }),
    { fact: `institution ${planted.institution}`, isFound: school !== undefined },
    { fact: `degree ${planted.degree}`, isFound: school?.degree?.value === planted.degree },
    { fact: `area ${planted.area}`, isFound: school?.area?.value === planted.area },
    ...planted.skills.map((skill) => ({ fact: `skill ${skill}`, isFound: skills.has(skill) })),
    ...planted.languages.map((language) => ({ fact: `language ${language}`, isFound: spoken.has(language) })),
  ];
}
