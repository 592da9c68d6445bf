import { column, pdfFile, plantedLanguages, plantedLayouts, plantResume, type PlantedKind, type PlantedResume } from '@loomgraph/testing';

/** A PDF of many pages, each with a word that no other page has. */
export interface LongDocument {
  readonly content: Uint8Array;
  readonly pages: number;
  /** In the order of the pages. */
  readonly words: readonly string[];
}

const PAGE = { x: 45, top: 55, width: 505 };
const LINES_A_PAGE = 44;
const SENTENCES = [
  'Cut the latency of checkout by 40% for three million customers, with Java, Kafka and PostgreSQL',
  '负责核心系统的设计与落地，使用微服务与分布式系统，线上故障率下降百分之四十',
  'Led a group of five through a rewrite in TypeScript and Go that shipped on time',
  '搭建监控体系，推动自动化测试，保障大促平稳运行',
];

/** Resumes of one page, as the evaluation of extraction has them: each language in each layout, the same for the same seed. */
export async function onePageResumes(format: PlantedKind['format'], seed: number, count: number): Promise<readonly PlantedResume[]> {
  const kinds = plantedLanguages.flatMap((language) => plantedLayouts.map((layout) => ({ language, layout, format })));
  const made: PlantedResume[] = [];
  for (let place = 0; place < count; place += 1) {
    const kind = kinds[place % kinds.length];
    if (kind) made.push(await plantResume(seed + Math.floor(place / kinds.length), kind));
  }
  return made;
}

/** Full pages of Chinese and English text. */
export function longPdf(pages: number): LongDocument {
  const words = Array.from({ length: pages }, (_, page) => `marker${String(page + 1).padStart(4, '0')}`);
  const content = pdfFile(
    words.map((word, page) =>
      column([word, ...Array.from({ length: LINES_A_PAGE }, (_, line) => SENTENCES[(page + line) % SENTENCES.length] ?? '')], PAGE),
    ),
  );
  return { content, pages, words };
}
