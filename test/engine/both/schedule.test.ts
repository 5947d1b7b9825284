import { describe, expect, it } from 'vitest';
import { planKernels } from '../../../src/engine/fast/plan/kernel-plan.ts';
import { createCore, runSample } from '../../../src/engine/index.ts';
import type { CoreImage } from '../../../src/image/index.ts';
import { edit } from '../../hardware/tiny.ts';
import { imageOf, indexOfField, roundCore, spikeTrain } from '../../support/core.ts';

const lanes16 = edit(roundCore, 'lanes: 4', 'lanes: 16').replaceAll(
  /capacityBits: \d+/g,
  'capacityBits: 1048576',
);

/**
 * Shifts products of 0 .. 32512, stochastically rounded, by the rate: at 8, the sum with the draw just fits 16 bits.
 */
const scheduled = (rate: string): CoreImage =>
  imageOf(
    `format: plasticore/program/1
name: scheduled
steps: 1
parameters: {rate: ${rate}, never: {value: 3, add: {1: 2}}}
input: a
populations:
  a: {size: 5, fields: {x: {bits: 8, signed: false}}}
  b: {size: 32, fields: {y: {bits: 16}, g: {bits: 8, signed: false}}}
projections: {p: {from: a, to: b}}
microcode: {rule: rule.uc}
events: {tick: [{run: k, over: p}]}
readout: b.y
`,
    `kernel k over synapses where pre.x and post.g
  ld     r0, post.g
  shl    r0, r0, 7
  clip   r0, r0, 0, 32512
  sra.sr r0, r0, #rate
  add    r0, r0, #never
  st     r0, syn.weight
end
`,
    lanes16,
  );

const versionsOf = (image: CoreImage): number[][] =>
  planKernels(image)[0]?.versions.map((version) => [...version.values()]) ?? [];

describe('a parameter that follows a schedule', () => {
  it('has code of its own for each of a few settings', () => {
    expect(versionsOf(scheduled('8'))).toEqual([[3], [5]]);
    expect(versionsOf(scheduled('{value: 8, add: {1: 1, 2: -1, 3: 1}}'))).toEqual([
      [8, 3],
      [9, 5],
      [8, 5],
    ]);
    // Five are too many: the code reads which one it is.
    expect(versionsOf(scheduled('{value: 6, add: {1: 1, 2: 1, 3: 1, 4: 1}}'))).toEqual([[]]);
  });

  it.each(['8', '{value: 8, add: {1: 1, 2: -1, 3: -8}}', '{value: 6, add: {1: 1, 2: 1, 3: 1, 4: 1}}'])(
    'gives the same on both engines: %s',
    (rate) => {
      const image = scheduled(rate);
      const [fast, reference] = (['fast', 'reference'] as const).map((engine) => {
        const core = createCore(image, { engine });
        core.write(indexOfField(image, 'a.x'), [1, 0, 2, 0, 255]);
        core.write(
          indexOfField(image, 'b.g'),
          Array.from({ length: 32 }, (_, item) => (item < 8 ? 255 - item : (37 * item) % 256)),
        );
        return [0, 1, 2, 3, 4, 1].map((epoch) => {
          core.setEpoch(epoch);
          runSample(core, spikeTrain([]), { label: 0, learn: true });
          return { state: core.save(), counters: core.counters() };
        });
      });
      expect(fast).toEqual(reference);
    },
  );
});
