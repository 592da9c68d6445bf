/** How long changes took to reach one target. */
export interface Lags {
  /** Of those that arrived, ms, ascending. */
  readonly sorted: readonly number[];
  /** Changes that never arrived. */
  readonly unseen: number;
}

/** Number of the record, its revision, when it was about to commit; flat. */
export type Changes = readonly number[];
/** Target, number of the record, revision, when it was there; flat, in the order of time. */
export type ArrivalLog = readonly (number | string)[];

/** A change is there with the first arrival of its record at its revision or a later one: those that pile up are delivered together. */
export function lagsOf(changes: Changes, arrivals: ArrivalLog, target: string): Lags {
  const byRecord = new Map<number, { readonly revision: number; readonly at: number }[]>();
  for (let at = 0; at < arrivals.length; at += 4) {
    if (arrivals[at] !== target) continue;
    const [record, revision, time] = arrivals.slice(at + 1, at + 4) as [number, number, number]; // as the log is laid out
    const known = byRecord.get(record);
    if (known) known.push({ revision, at: time });
    else byRecord.set(record, [{ revision, at: time }]);
  }
  const lags: number[] = [];
  let unseen = 0;
  for (let at = 0; at < changes.length; at += 3) {
    const [record = 0, revision = 0, committingAt = 0] = changes.slice(at, at + 3);
    const arrival = byRecord.get(record)?.find((one) => one.revision >= revision);
    if (arrival) lags.push(arrival.at - committingAt);
    else unseen++;
  }
  return { sorted: lags.sort((one, other) => one - other), unseen };
}
