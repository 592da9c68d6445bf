import { buffer } from 'node:stream/consumers';
import { StoreError } from '@loomgraph/core';
import type { Objects } from '@loomgraph/stores/objects';
import { FileRefused } from '../domain/errors.js';
import { stagingKey, versionKey } from '../domain/object-keys.js';
import type { ResumeFiles } from '../domain/ports.js';

/** The files of resumes in the object store; uploads go to a key of their own. */
export function createObjectFiles(deps: { readonly objects: () => Promise<Objects>; readonly folder: string }): ResumeFiles {
  const { objects, folder } = deps;
  const read = async (key: string, maxBytes = Infinity): Promise<Uint8Array | null> => {
    const found = await (await objects()).get(key);
    if (!found) return null;
    const { info, body } = found;
    if (info.sizeBytes > maxBytes) {
      body.destroy();
      throw new FileRefused('too-large', `The file has ${info.sizeBytes} bytes, ${maxBytes} are the most.`, { limit: maxBytes });
    }
    return buffer(body);
  };
  return {
    keyOf: (version) => versionKey(folder, version),
    uploadTarget: async ({ id, contentType }, { maxBytes, expiresInSeconds }) =>
      (await objects()).presignPut(stagingKey(folder, id), { expiresInSeconds, contentType, maxBytes }),
    uploaded: (uploadId, maxBytes) => read(stagingKey(folder, uploadId), maxBytes),
    kept: (key) => read(key),
    async keep(key, content, contentType) {
      try {
        await (await objects()).put(key, content, { contentType, ifAbsent: true });
        return true;
      } catch (error) {
        if (error instanceof StoreError && error.kind === 'conflict') return false;
        throw error;
      }
    },
    async mend(key, content, contentType) {
      await (await objects()).put(key, content, { contentType });
    },
    downloadUrl: async ({ objectKey, fileName }, expiresInSeconds) =>
      (await objects()).presignGet(objectKey, { expiresInSeconds, downloadName: fileName }),
  };
}
