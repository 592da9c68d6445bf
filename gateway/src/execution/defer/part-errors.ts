import type { RaisedError } from '../../request/mask-errors.js';
import type { LaterFields } from './complete-fields.js';
import type { DeferSet } from './defer-sets.js';

type ErrorPath = readonly (string | number)[];

interface HeldError {
  readonly error: RaisedError;
  /** The deferred fragments whose fetches raised it. */
  readonly set: DeferSet;
}

/** Errors that have been raised and not sent, of all parts of one answer. Each is sent once, with the part it is about. */
export class PartErrors {
  #held: HeldError[] = [];
  readonly #known = new Set<string>();
  readonly #paths: ErrorPath[] = [];

  add(errors: readonly RaisedError[], set: DeferSet): void {
    for (const error of errors) {
      const key = JSON.stringify([error.path, error.message]);
      // Fetches of two parts may bring the same field.
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      if (error.path !== undefined) this.#paths.push(error.path);
      this.#held.push({ error, set });
    }
  }

  /** Takes those that are about these fields, or about something they are in. */
  takeAbout(fields: LaterFields): readonly RaisedError[] {
    return this.takeIf(({ path }) => path !== undefined && (isWithin(path, fields) || startsAlike(fields.place.path, path)));
  }

  takeIf(isTaken: (error: RaisedError, set: DeferSet) => boolean): readonly RaisedError[] {
    const taken = this.#held.filter(({ error, set }) => isTaken(error, set));
    if (taken.length > 0) this.#held = this.#held.filter((one) => !taken.includes(one));
    return taken.map(({ error }) => error);
  }

  /** Whether an error, sent or not, says why there is a null at `path`: one at it, below it or above it. */
  explains(path: ErrorPath): boolean {
    return this.#paths.some((other) => startsAlike(other, path) || startsAlike(path, other));
  }
}

/** Whether an error at `path` is one of these fields or below them. */
export function isWithin(path: ErrorPath, { place, fields }: Pick<LaterFields, 'place' | 'fields'>): boolean {
  return startsAlike(path, place.path) && fields.some(({ key }) => key === path[place.path.length]);
}

function startsAlike(path: ErrorPath, start: ErrorPath): boolean {
  return path.length >= start.length && start.every((segment, index) => segment === path[index]);
}
