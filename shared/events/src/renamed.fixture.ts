import { z } from 'zod';
import { defineEvent } from './define-event.js';

/**
 * An event that has gone through two changes: version 2 renamed `name` to `title` and `id` to `storeId`, version 3 gave the title a language.
 */
export const storeRenamed = defineEvent({
  type: 'stores.renamed',
  version: 3,
  schema: z.object({
    storeId: z.string().min(1),
    title: z.object({ text: z.string(), language: z.string().length(2) }),
  }),
  doc: 'A store has a new name.',
  keyDoc: 'storeId',
  key: ({ storeId }) => storeId,
  upgrades: {
    1: (v1) => {
      const { id, name } = z.object({ id: z.int(), name: z.string() }).parse(v1);
      return { storeId: String(id), title: name };
    },
    2: (v2) => {
      const { storeId, title } = z.object({ storeId: z.string(), title: z.string() }).parse(v2);
      return { storeId, title: { text: title, language: 'en' } };
    },
  },
});
