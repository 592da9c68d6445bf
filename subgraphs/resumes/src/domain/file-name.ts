import { FileRefused } from './errors.js';
import { limits } from './resume.js';

/** Control characters, and marks that make text run the other way: `cv‮fdp.exe` reads like a PDF. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
/** Separators of paths, and what is markup to a page that forgets to escape a name. */
const MEANINGFUL = /[/\\<>]/;

/**
 * A file's name as it is kept: composed (NFC), since macOS sends `é` as two characters, and without blanks around it.
 * @throws FileRefused `name` for a name that is a path, hides something, or is too long; it is never silently another one
 */
export function checkedFileName(name: string): string {
  const composed = name.normalize('NFC').trim();
  const refuse = (problem: string): FileRefused => new FileRefused('name', `The file name ${problem}: rename the file.`);
  if (composed === '' || /^\.+$/.test(composed)) throw refuse('is empty');
  if (!composed.isWellFormed()) throw refuse('holds half of a surrogate pair');
  if (HIDDEN.test(composed)) throw refuse('holds characters that cannot be seen');
  if (MEANINGFUL.test(composed)) throw refuse('holds one of / \\ < >');
  const bytes = new TextEncoder().encode(composed).length;
  if (bytes > limits.fileNameBytes) throw refuse(`has ${bytes} bytes, ${limits.fileNameBytes} are the most`);
  return composed;
}
