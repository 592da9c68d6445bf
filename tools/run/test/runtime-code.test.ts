import { hasRuntimeCode } from './runtime-code.ts';

describe('hasRuntimeCode', () => {
  it('sees none in types, comments and imports', () => {
    expect(
      hasRuntimeCode("import type { A } from './a.js';\n/** A. */\nexport interface B { readonly a: A } // b\nexport type C = B;\n"),
    ).toBe(false);
    expect(hasRuntimeCode("import { z } from 'zod';\nexport type C = z.ZodType;\nexport {};\n")).toBe(false);
  });

  it('sees values, re-exports and decorated classes', () => {
    expect(hasRuntimeCode('export const a = 1;')).toBe(true);
    expect(hasRuntimeCode("export * from './a.js';")).toBe(true);
    expect(hasRuntimeCode('@Type() export class A { @Field() declare a: string }')).toBe(true);
  });
});
