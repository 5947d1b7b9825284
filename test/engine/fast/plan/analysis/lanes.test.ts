import { describe, expect, it } from 'vitest';
import { planKernel } from '../../../../../src/engine/fast/plan/kernel-plan.ts';
import { edit } from '../../../../hardware/tiny.ts';
import { imageOf, roundCore } from '../../../../support/core.ts';

const core = edit(roundCore, 'lanes: 4', 'lanes: 16').replaceAll('wordBits: 16', 'wordBits: 32');

/** How a kernel over neurons with `v` of 16 bits and `w` of 20 runs. */
function planOf(body: string) {
  const image = imageOf(
    `format: plasticore/program/1
name: one
steps: 1
input: p
populations: {p: {size: 32, fields: {v: {kind: integer, bits: 16}, w: {kind: integer, bits: 20}}}}
microcode: {rule: rule.uc}
events: {tick: [{run: k, over: p}]}
readout: p.v
`,
    `kernel k over neurons\n${body}\nend`,
    core,
  );
  return planKernel(image, 0);
}

const reset = (comparison: string, selected: string, after = ''): string => `
  ld   r0, self.v
  ${comparison} r1, r0, 100
  sub  r2, r0, 100
  sel  r3, r1, ${selected}
  st   r3, self.v
  ${after}`;

describe('16-bit lanes', () => {
  it('do for a reset by subtraction: the difference leaves them only where it is not selected', () => {
    const { lanes, lines } = planOf(reset('cmp.ge', 'r2, r0'));
    expect(lanes).toBe('i16x8');
    expect(lines.map(({ isDiscarded }) => isDiscarded)).toEqual([false, false, true, false, false]);
    // v - 100 for v of 100 to 32767, or v of -32768 to 99.
    expect(lines[3]?.range).toEqual({ low: -32768, high: 32667 });
  });

  it.each([
    ['selected where it leaves them', reset('cmp.lt', 'r2, r0')],
    ['selected by the opposite', reset('cmp.ge', 'r0, r2')],
    ['read by something else, too', reset('cmp.ge', 'r2, r0', 'st r2, self.w')],
  ])('do not for a difference %s', (_, body) => {
    const { lanes, because } = planOf(body);
    expect([lanes, because]).toEqual(['i32x4', 'sub may give -32868 to 32667']);
  });

  it('do not for a wider field', () => {
    const { lanes, because } = planOf('  ld r0, self.w\n  st r0, self.w');
    expect([lanes, because]).toEqual(['i32x4', 'p.w has 20 bits']);
  });
});
