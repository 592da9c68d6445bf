/**
 * The Content-Disposition header of a download, https://www.rfc-editor.org/rfc/rfc6266: an ASCII name for old clients, then the real
 * one as https://www.rfc-editor.org/rfc/rfc8187 writes it.
 */
export function contentDisposition(downloadName: string): string {
  // Path separators and line ends have no business in a file name, and the latter would end the header.
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  const name = downloadName.replace(/[\u0000-\u001f\u007f/\\\p{Surrogate}]/gu, '_');
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/["%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
