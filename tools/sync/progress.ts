import { Presets, SingleBar } from 'cli-progress';

/** Shows on stderr how far long work is. */
export interface Progress {
  update(done: number, total: number | null, remark: string): void;
  end(): void;
}

/** A bar where somebody looks; else nothing. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { update: () => undefined, end: () => undefined };
  const bar = new SingleBar(
    { stream, format: ' {bar} {value}/{total} | {eta_formatted} {remark}', hideCursor: true, clearOnComplete: true },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update(done, total, remark) {
      if (!started) bar.start(total ?? 0, 0, { remark });
      started = true;
      if (total !== null) bar.setTotal(total);
      bar.update(done, { remark });
    },
    end() {
      if (started) bar.stop();
    },
  };
}
