/** The worker of the recipe in a process of its own, as ours is. */
import { createLexicalEmbedder } from '@loomgraph/ai';
import { Pool } from 'pg';
import { serve } from '../processes/serve.ts';
import { DIMENSIONS } from '../workload/settings.ts';
import { workOff, type Recipe } from './polling-worker.ts';

const api = {
  async workOff({ url, recipe }: { url: string; recipe: Recipe }): Promise<{ done: number; seconds: number }> {
    const pool = new Pool({ connectionString: url, max: 1 });
    const embedder = createLexicalEmbedder({ dimensions: DIMENSIONS });
    try {
      const startedAt = performance.now();
      const done = await workOff(pool, recipe, (texts) => embedder.embed(texts));
      return { done, seconds: (performance.now() - startedAt) / 1_000 };
    } finally {
      await pool.end();
    }
  },
};

export type PollingWorkerApi = typeof api;

serve(api);
