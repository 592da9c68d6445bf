import {
  AlignmentType,
  Document,
  HeadingLevel,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TabStopType,
  TextRun,
  WidthType,
} from 'docx';
import type { ResumeBlock } from './resume-block.js';

/** A DOCX as word processors write them: paragraphs, tabs before dates, bullets; with two columns, a table of one row. */
export function docxFile(blocks: { readonly main: readonly ResumeBlock[]; readonly side: readonly ResumeBlock[] }): Promise<Buffer> {
  const { main, side } = blocks;
  const children =
    side.length === 0
      ? paragraphs(main)
      : [
          ...paragraphs(main.slice(0, 1)),
          new Table({
            width: { size: 100, type: WidthType.PERCENTAGE },
            rows: [
              new TableRow({
                children: [new TableCell({ children: paragraphs(side) }), new TableCell({ children: paragraphs(main.slice(1)) })],
              }),
            ],
          }),
        ];
  return Packer.toBuffer(new Document({ sections: [{ children }] }));
}

const RIGHT_EDGE = 9_000;

function paragraphs(blocks: readonly ResumeBlock[]): Paragraph[] {
  return blocks.flatMap(({ heading, lines }) => [
    ...(heading === null ? [] : [new Paragraph({ text: heading, heading: HeadingLevel.HEADING_2 })]),
    ...lines.map((line) => {
      if (typeof line !== 'string')
        return new Paragraph({
          tabStops: [{ type: TabStopType.RIGHT, position: RIGHT_EDGE }],
          children: [new TextRun({ text: line[0], bold: true }), new TextRun(`\t${line[1]}`)],
        });
      return line.startsWith('• ')
        ? new Paragraph({ text: line.slice(2), bullet: { level: 0 }, alignment: AlignmentType.LEFT })
        : new Paragraph(line);
    }),
  ]);
}
