/** A text on a page, its baseline `top` points from the upper edge. */
export interface Placed {
  readonly text: string;
  readonly x: number;
  readonly top: number;
  readonly size: number;
}

const WIDTH = 595;
const HEIGHT = 842;

/** Of a glyph in thousandths of the size: half for Latin, whole for Chinese. */
const advance = (character: string): number => (character.codePointAt(0)! < 0x2000 ? 500 : 1_000); // a character has a code point
export const widthOf = (text: string, size: number): number =>
  ([...text].reduce((sum, character) => sum + advance(character), 0) * size) / 1_000;

/** A PDF of A4 pages. Its font's codes are UTF-16 with a map back to Unicode, as writers make it; glyphs are left to the viewer. */
export function pdfFile(pages: readonly (readonly Placed[])[]): Buffer {
  const objects: string[] = [];
  const add = (body: string): number => objects.push(body);
  add('<</Type/Catalog/Pages 2 0 R>>');
  add(''); // the pages, once they are known
  const map = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange 100 beginbfrange
${Array.from({ length: 100 }, (_, index) => range(index)).join('\n')}
endbfrange
100 beginbfrange
${Array.from({ length: 100 }, (_, index) => range(index + 100)).join('\n')}
endbfrange
56 beginbfrange
${Array.from({ length: 56 }, (_, index) => range(index + 200)).join('\n')}
endbfrange endcmap CMapName currentdict /CMap defineresource pop end end`;
  const unicode = add(stream(map));
  const descriptor = add(
    '<</Type/FontDescriptor/FontName/Test/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900/Descent -200/CapHeight 700/StemV 80>>',
  );
  const descendant = add(
    `<</Type/Font/Subtype/CIDFontType2/BaseFont/Test/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor ${descriptor} 0 R/DW 1000/W[0 8191 500]/CIDToGIDMap/Identity>>`,
  );
  const font = add(
    `<</Type/Font/Subtype/Type0/BaseFont/Test/Encoding/Identity-H/DescendantFonts[${descendant} 0 R]/ToUnicode ${unicode} 0 R>>`,
  );
  const kids = pages.map((page) => {
    const content = add(
      stream(page.map(({ text, x, top, size }) => `BT /F ${size} Tf 1 0 0 1 ${x} ${HEIGHT - top} Tm <${hex(text)}> Tj ET`).join('\n')),
    );
    return add(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${WIDTH} ${HEIGHT}]/Resources<</Font<</F ${font} 0 R>>>>/Contents ${content} 0 R>>`);
  });
  objects[1] = `<</Type/Pages/Count ${kids.length}/Kids[${kids.map((kid) => `${kid} 0 R`).join(' ')}]>>`;
  let file = '%PDF-1.7\n';
  const offsets = objects.map((body, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const table = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}`;
  return Buffer.from(`${file}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`, 'latin1');
}

/** Lines one below the other; a line may have a part at the right edge of its column, as dates do. */
export function column(
  lines: readonly (string | readonly [left: string, right: string])[],
  { x, top, width, size = 10, leading = 15 }: { x: number; top: number; width: number; size?: number; leading?: number },
): Placed[] {
  let at = top;
  return lines.flatMap((line) => {
    const [left, right] = typeof line === 'string' ? [line, undefined] : line;
    const wrapped = wrap(left, width, size);
    const placed = wrapped.map((text, index) => ({ text, x, top: at + index * leading, size }));
    if (right !== undefined) placed.push({ text: right, x: x + width - widthOf(right, size), top: at, size });
    at += wrapped.length * leading;
    return placed;
  });
}

function wrap(text: string, width: number, size: number): string[] {
  const lines = [''];
  for (const word of text.split(/(?<=\s)|(?<=\p{Script=Han})/u)) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && widthOf((line + word).trimEnd(), size) > width) lines.push(word);
    else lines[lines.length - 1] = line + word;
  }
  return lines.map((line) => line.trimEnd());
}

const hex = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('hex');
const stream = (text: string): string => `<</Length ${Buffer.byteLength(text, 'latin1')}>>\nstream\n${text}\nendstream`;
/** One row of 256 codes, each its own character. */
function range(row: number): string {
  const code = row.toString(16).padStart(2, '0');
  return `<${code}00> <${code}FF> <${code}00>`;
}
