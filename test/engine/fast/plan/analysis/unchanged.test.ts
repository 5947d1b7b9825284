import { expect, it } from 'vitest';
import { findUnchanged } from '../../../../../src/engine/fast/plan/analysis/lines.ts';
import { rangesOfKernel } from '../../../../../src/image/index.ts';
import { imageOf } from '../../../../support/core.ts';

/** Whether the last instruction, a store, leaves inactive columns as they are. */
function leavesInactive(body: string): boolean {
  const image = imageOf(
    `format: plasticore/program/1
name: one
steps: 1
input: a
populations:
  a: {size: 3, fields: {trace: {kind: integer, bits: 8}, sum: {kind: integer, bits: 16}}}
  b: {size: 5, fields: {signal: {kind: integer, bits: 8}, x: {kind: integer, bits: 8}, wide: {kind: integer, bits: 16}}}
projections: {p: {from: a, to: b}}
microcode: {rule: rule.uc}
events: {tick: [{run: k, over: p}]}
readout: b.x
`,
    `kernel k over synapses where post.signal\n${body}\nend`,
  );
  const [kernel] = image.kernels;
  if (kernel === undefined) throw new Error('no kernel');
  return findUnchanged(kernel, image, rangesOfKernel(kernel, image)).at(-1) ?? false;
}

const update = `ld r0, pre.trace
ld r1, post.signal
mul r2, r0, r1
sra.sr r2, r2, 3
ld r3, post.x
add.s r3, r3, r2
st r3, post.x`;

it('sees that a sum with a product of the gate leaves an inactive item as it is', () => {
  expect(leavesInactive(update)).toBe(true);
});

it.each([
  ['is of something else', update.replace('ld r1, post.signal', 'ld r1, post.wide')],
  ['is subtracted from', update.replace('add.s r3, r3, r2', 'sub.s r3, r2, r3')],
  ['is stored elsewhere', update.replace('st r3, post.x', 'st r3, post.wide')],
  ['is one more', update.replace('add.s r3, r3, r2', 'add.s r3, r3, r2\nadd.s r3, r3, 1')],
  ['loses bits', update.replace('add.s r3, r3, r2', 'add.s r3, r3, r2\nsra r3, r3, 1')],
  ['is written to the gate itself', 'ld r0, post.signal\nst r0, post.signal'],
])('does not trust a sum that %s', (_, body) => expect(leavesInactive(body)).toBe(false));
