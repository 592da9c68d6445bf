import type { Replica } from './replica.js';

type Candidate = Pick<Replica, 'isHealthy' | 'load'> & { readonly breaker: Pick<Replica['breaker'], 'admits'> };

/**
 * The better of two replicas taken at random, by what is in flight and how long answers took: nearly as even as the best of all, and without
 * everyone running to the same one.
 *
 * 1. Not one whose breaker is open: undefined where all are.
 * 2. Not one that active health holds to be away, or that was `tried`, as long as there are others.
 */
export function chooseReplica<R extends Candidate>(
  replicas: readonly R[],
  now: number,
  tried: readonly R[] | undefined,
  random: () => number = Math.random,
): R | undefined {
  const [only] = replicas;
  if (replicas.length === 1 && only !== undefined) return only.breaker.admits(now) ? only : undefined;
  const admitted = replicas.filter(({ breaker }) => breaker.admits(now));
  const fresh = tried === undefined ? admitted : preferring(admitted, (replica) => !tried.includes(replica));
  return betterOfTwo(
    preferring(fresh, ({ isHealthy }) => isHealthy),
    now,
    random,
  );
}

function preferring<R>(replicas: readonly R[], isPreferred: (replica: R) => boolean): readonly R[] {
  const preferred = replicas.filter(isPreferred);
  return preferred.length > 0 ? preferred : replicas;
}

function betterOfTwo<R extends Candidate>(replicas: readonly R[], now: number, random: () => number): R | undefined {
  const { length } = replicas;
  if (length < 2) return replicas[0];
  const first = Math.floor(random() * length);
  const other = (first + 1 + Math.floor(random() * (length - 1))) % length;
  const [one, two] = [replicas[first]!, replicas[other]!];
  return two.load(now) < one.load(now) ? two : one;
}
