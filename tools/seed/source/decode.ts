import { open } from 'node:fs/promises';
import { CommandFailure } from '../../cli/failure.ts';

/** Named by a byte order mark, or UTF-8, https://encoding.spec.whatwg.org/#bom-sniff */
function encodingOf(start: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

const notText = (file: string, encoding: string, cause: unknown): CommandFailure =>
  new CommandFailure(
    `${file} is not ${encoding.toUpperCase()}; save it as UTF-8 (texts in GBK or another encoding would come in garbled).`,
    {
      cause,
    },
  );

/** The text without its byte order mark. @throws CommandFailure for bytes that are none */
export function decodeText(bytes: Uint8Array, file: string): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw notText(file, encoding, error);
  }
}

/** The same, piece by piece. */
export async function* streamText(file: string): AsyncGenerator<string> {
  await using handle = await open(file);
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let encoding = 'utf-8';
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Uint8Array>) {
      if (!decoder) {
        encoding = encodingOf(chunk);
        decoder = new TextDecoder(encoding, { fatal: true });
      }
      yield decoder.decode(chunk, { stream: true });
    }
    const rest = decoder?.decode();
    if (rest) yield rest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw notText(file, encoding, error);
  }
}
