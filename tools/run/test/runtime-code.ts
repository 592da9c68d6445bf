import { stripTypeScriptTypes } from 'node:module';

/**
 * Whether a TypeScript source leaves anything to run. A file of types alone is never loaded, and the coverage tool takes its
 * lines for uncovered.
 */
export function hasRuntimeCode(source: string): boolean {
  let code: string;
  try {
    code = stripTypeScriptTypes(source);
  } catch {
    return true; // decorators and the like, which cannot be stripped, are code
  }
  return code.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|^import\b[^;]*;|^export \{\};?/gm, '').trim() !== '';
}
