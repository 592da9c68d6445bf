import type { Job } from '../jobs/job.js';
import { placeOf, type Place } from '../jobs/place.js';

const REMOTE = 'remote';
const country = (code: string): string => `country:${code}`;
const city = (place: Place): string => `city:${place.country ?? ''}:${place.city ?? ''}`;

/** What a job is found by in the index, where somebody looks for work in a place. */
export function areasOf(job: Pick<Job, 'country' | 'city' | 'workMode'>): readonly string[] {
  const place = placeOf(job);
  return [
    ...(job.workMode === 'remote' ? [REMOTE] : []),
    ...(place.country === null ? [] : [country(place.country)]),
    ...(place.city === null ? [] : [city(place), ...(place.country === null ? [] : [city({ ...place, country: null })])]),
  ];
}

/** Any of these, for work in a place or from there. */
export function areasWithin(wanted: Place): readonly string[] {
  const { country: code, city: name } = placeOf(wanted);
  return [REMOTE, ...(name === null ? (code === null ? [] : [country(code)]) : [city({ country: code, city: name })])];
}
