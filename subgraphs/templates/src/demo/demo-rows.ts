import { readFile } from 'node:fs/promises';
import type { ImportRow } from '../domain/import-templates.js';

/** Below the package, seen from `src` as from `dist`. */
const SEEDS = new URL('../../seeds/', import.meta.url);

interface DemoTemplate extends Omit<ImportRow, 'estimatedTimeMinutes'> {
  readonly estimatedTime: number;
}

/** The templates of the demo: twelve of our own, which have contents, and the metadata of published resume themes. */
export async function readDemoRows(): Promise<readonly ImportRow[]> {
  const own = await readSeed<DemoTemplate>('demo-templates.json');
  const themes = await readSeed<Pick<ImportRow, 'slug' | 'name' | 'description' | 'tags'>>('resume-templates.json');
  return [
    ...own.map(({ estimatedTime, ...row }) => ({ ...row, estimatedTimeMinutes: estimatedTime })),
    // As in resume-templates.mapping.json: the themes are English, and say nothing of categories.
    ...themes.map(({ slug, name, description, tags }) => ({
      slug,
      name,
      description,
      tags,
      category: 'resume',
      categoryName: 'Resume themes',
      language: 'en',
    })),
  ];
}

async function readSeed<Row>(file: string): Promise<readonly Row[]> {
  const { templates } = JSON.parse(await readFile(new URL(file, SEEDS), 'utf8')) as { templates: readonly Row[] }; // our own file, checked by a test
  return templates;
}
