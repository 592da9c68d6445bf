import { list, setting, text, type ConfigOf } from '@loomgraph/config';
import { z } from 'zod';
import { trustModes } from './trusted-documents.js';

/** Which documents are executed. */
export const trustSettings = {
  manifest: setting({
    env: 'TRUSTED_DOCUMENTS',
    schema: text().optional(),
    doc: 'File of registered documents, which clients may name by id: a manifest of Apollo, or JSON of texts by id. It is followed.',
  }),
  mode: setting({
    env: 'TRUSTED_DOCUMENTS_MODE',
    schema: z.enum(trustModes),
    default: 'lenient',
    doc: 'What is done with a document that TRUSTED_DOCUMENTS lacks: lenient executes it, logged and counted; strict refuses it and takes no persisted queries; off ignores the file.',
  }),
  exemptRoles: setting({
    env: 'TRUSTED_DOCUMENTS_EXEMPT',
    schema: list(),
    default: 'admin',
    doc: 'Roles whose callers may have any document executed in strict mode, with commas between.',
  }),
};

/** @returns what is wrong with the settings together */
export function trustProblem({ manifest, mode }: ConfigOf<typeof trustSettings>): string | undefined {
  return mode === 'strict' && manifest === undefined ? 'TRUSTED_DOCUMENTS: is not set; strict mode would refuse everything' : undefined;
}
