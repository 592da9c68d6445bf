/** What a process of the bench can be asked; one question at a time, or several. */
export type Api = { readonly [name: string]: (options: never) => Promise<unknown> };

export interface Question {
  readonly number: number;
  readonly name: string;
  readonly options: unknown;
}

export type Answer = { readonly number: number; readonly value: unknown } | { readonly number: number; readonly error: string };

/** Answers the questions of the process that forked this one, until that goes. */
export function serve(api: Api): void {
  process.on('message', (question: Question) => {
    void answer(api, question).then((message) => process.send?.(message));
  });
  process.once('disconnect', () => process.exit(0));
}

async function answer(api: Api, { number, name, options }: Question): Promise<Answer> {
  try {
    const ask = api[name];
    if (!ask) throw new Error(`Nobody here knows "${name}".`);
    return { number, value: await ask(options as never) }; // the asker's type is that of this very object
  } catch (error) {
    return { number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
