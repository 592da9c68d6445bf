import { FileRefused } from './errors.js';

/** A kind of file that is taken. */
export interface FileType {
  readonly contentType: string;
  /** In lower case, the usual one first. */
  readonly extensions: readonly string[];
  /** Whether it is plain text, which has no mark of its own to be recognised by. */
  readonly isText: boolean;
}

const type = (contentType: string, extensions: readonly string[], isText: boolean): FileType => ({ contentType, extensions, isText });

export const fileTypes: readonly FileType[] = [
  type('application/pdf', ['pdf'], false),
  type('application/vnd.openxmlformats-officedocument.wordprocessingml.document', ['docx'], false),
  type('text/markdown', ['md', 'markdown'], true),
  type('text/plain', ['txt', 'text'], true),
  type('application/json', ['json'], true),
];

/**
 * The type that is declared, which the name's ending has to fit.
 * @throws FileRefused `type`
 */
export function declaredType(contentType: string, fileName: string): FileType {
  const bare = contentType.split(';')[0]?.trim().toLowerCase();
  const found = fileTypes.find((each) => each.contentType === bare);
  if (!found)
    throw new FileRefused(
      'type',
      `Files of type "${contentType}" are not taken; these are: ${fileTypes.map((each) => each.contentType).join(', ')}.`,
      {
        contentType,
      },
    );
  const extension = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  if (!found.extensions.includes(extension))
    throw new FileRefused('type', `A file of type ${found.contentType} has a name that ends in .${found.extensions.join(' or .')}.`, {
      contentType: found.contentType,
      extension,
    });
  return found;
}
