import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Api, Question } from './serve.ts';

/** A process that answers questions. */
export interface Member<A extends Api> extends AsyncDisposable {
  readonly pid: number;
  /** @throws Error with the other process's stack, or when it ended */
  ask<N extends keyof A & string>(name: N, options: Parameters<A[N]>[0]): Promise<Awaited<ReturnType<A[N]>>>;
}

/**
 * Runs a file that calls `serve` in a process of its own: what is measured must not share a thread with what measures. `flags`: of Node.
 */
export function startMember<A extends Api>(file: URL, flags: readonly string[] = []): Member<A> {
  const child = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [...process.execArgv, ...flags] });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  child.on('message', (answer: Answer) => {
    const asker = waiting.get(answer.number);
    waiting.delete(answer.number);
    if ('error' in answer) asker?.reject(new Error(`A process of the bench failed.\n${answer.error}`));
    else asker?.resolve(answer.value);
  });
  child.once('exit', (code, signal) => {
    process.off('exit', endWithUs);
    for (const { reject } of waiting.values()) reject(new Error(`A process of the bench ended with ${signal ?? code}.`));
    waiting.clear();
  });
  let questions = 0;
  return {
    pid: child.pid ?? 0,
    ask: (name, options) =>
      new Promise((resolve, reject) => {
        if (hasEnded(child)) return reject(new Error('The process has ended.'));
        const question: Question = { number: questions++, name, options };
        // The types of question and answer are those of the other file's object.
        waiting.set(question.number, { resolve: resolve, reject });
        child.send(question);
      }),
    async [Symbol.asyncDispose]() {
      if (hasEnded(child)) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;
