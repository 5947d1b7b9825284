import { expect } from 'vitest';
import type { CompileOptions } from '../../src/compiler/index.ts';
import type { CoreImage } from '../../src/image/index.ts';
import type { ErrorCode } from '../../src/text/index.ts';
import { edit, failure, placeOf } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';

/** A program that compiles: two populations, a plastic projection, a recurrent one. */
export const smallProgram = `format: plasticore/program/1
name: small
steps: 4
parameters:
  threshold: 2 ** (weightBits - 1)
  rate: {value: 3, add: {2: 1}}
input: in
populations:
  in:
    size: 6
    fields:
      trace: {bits: 8, signed: false}
  out:
    size: 5
    fields:
      v: {accumulator: weightBits + 8}
      signal: {bits: 8}
projections:
  p:
    from: in
    to: out
    initialWeights: {uniform: 100}
  loop:
    from: out
    to: out
microcode: {rule: rule.uc}
events:
  sample:
    - clear: [out.v]
  tick:
    - deliver: in
    - run: fire
      over: out
    - deliver: out
    - run: learn
      over: p
      with: {amount: rate + 1}
      when: learning
  spike:
    in:
      - {run: integrate, over: p}
    out:
      - {run: integrate, over: loop}
readout: out.v
`;

export const smallRules = `kernel integrate over row
  ld     r0, syn.weight
  ld     r1, post.v
  add    r1, r1, r0
  st     r1, post.v
end
kernel fire over neurons
  ld     r0, self.v
  cmp.ge r1, r0, #threshold
  sub    r2, r0, #threshold
  sel    r0, r1, r2, r0
  st     r0, self.v
  emit   r1
end
kernel learn over synapses where pre.trace and post.signal
  ld     r0, pre.trace
  ld     r1, post.signal
  mul    r2, r0, r1
  sra.sr r2, r2, #amount
  ld     r3, syn.shadow
  add    r3, r3, r2
  st     r3, syn.shadow
end
`;

type Edit = readonly [part: string, replacement: string];

const edited = (text: string, edits: readonly Edit[]): string =>
  edits.reduce((all, [part, replacement]) => edit(all, part, replacement), text);

interface Edits {
  readonly program?: readonly Edit[];
  readonly rules?: readonly Edit[];
  readonly core?: readonly Edit[];
  readonly options?: Partial<CompileOptions>;
}

/** Compiles the small program with parts of it, of its rules or of its core replaced. */
export function compileSmall({ program = [], rules = [], core = [], options = {} }: Edits = {}): CoreImage {
  return imageOf(edited(smallProgram, program), edited(smallRules, rules), edited(roundCore, core), options);
}

/**
 * Expects the edited program to be refused: at the first character of `at`, a part of the program or of the rules that
 * is there exactly once, with every one of these parts in the message or hint.
 */
export function expectRefused(
  edits: Edits,
  code: ErrorCode,
  at: { readonly program?: string; readonly rules?: string } | undefined,
  ...parts: readonly string[]
): void {
  const error = failure(() => compileSmall(edits));
  for (const part of parts) expect(error.describe()).toContain(part);
  expect(error.code).toBe(code);
  const { file, line, column } = error;
  if (at?.program !== undefined) {
    const place = placeOf(edited(smallProgram, edits.program ?? []), at.program);
    expect({ file, line, column }).toEqual({ file: 'net.yaml', ...place });
  }
  if (at?.rules !== undefined) {
    const place = placeOf(edited(smallRules, edits.rules ?? []), at.rules);
    expect({ file, line, column }).toEqual({ file: 'rule.uc', ...place });
  }
}

/** The same for a value of the program, which stands in the place of a part of it. */
export function expectInvalid(edit: Edit, at: string | undefined, ...parts: readonly string[]): void {
  expectRefused({ program: [edit] }, 'invalid-value', at === undefined ? at : { program: at }, ...parts);
}
