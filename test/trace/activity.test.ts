import { describe, expect, test } from 'vitest';
import { ReferenceCore, runSample } from '../../src/engine/index.ts';
import type { HwModel } from '../../src/hardware/index.ts';
import { type ActivityCounts, type CoreImage, price, withActivity } from '../../src/image/index.ts';
import { at } from '../../src/text/index.ts';
import { ActivityRecorder } from '../../src/trace/index.ts';
import { load } from '../hardware/tiny.ts';
import { imageOf, roundCore, spikeTrain } from '../support/core.ts';

// Four neurons on four lanes count up from 0, in three steps: 0, 1, 2, 3. A word of 16 bits holds all of them.

const program = `format: plasticore/program/1
name: count
steps: 3
populations:
  a: {size: 1, fields: {}}
  n: {size: 4, fields: {v: {kind: integer, bits: 4}}}
input: a
projections: {}
microcode: {rule: rule.uc}
events: {tick: [{run: up, over: n}]}
readout: n.v
`;
const rule = `kernel up over neurons
  ld  r0, self.v
  add r0, r0, 1
  st  r0, self.v
end
`;
const stating = (activity: string): HwModel => load(roundCore.replace('banks:\n', `${activity}banks:\n`));
const plain = imageOf(program, rule, stating(''));

function run(image: CoreImage) {
  const recorder = new ActivityRecorder(image);
  const core = new ReferenceCore(image, { data: recorder.watch, visited: recorder.visited });
  const counters = () => core.counters();
  runSample(core, spikeTrain([], [], []), { label: 0, learn: false });
  return { counts: recorder.counts({ first: 0, last: 2 }, counters()), counters: counters() };
}

describe('a program whose toggles are counted by hand', () => {
  const { counts, counters } = run(plain);

  test('words of a bank, from zeros on', () => {
    // Read 0000, 1111, 2222: 0, then 1 bit of each of four neurons, then 2. Written 1111, 2222, 3333: 1, 2, 1.
    expect(counts.banks.at(-1)).toEqual({
      reads: { toggles: 0 + 4 + 8, bits: 3 * 16 },
      writes: { toggles: 4 + 8 + 4, bits: 3 * 16 },
    });
    expect(counts.banks[0]).toEqual({ reads: { toggles: 0, bits: 0 }, writes: { toggles: 0, bits: 0 } });
  });

  test('the adder of a lane: its operand, the constant that appears with the first tile, its sum', () => {
    // 0 to 15 and 1 make at most 16, which takes 5 bits. Per lane 0 + 1 + 2, 1, and 1 + 2 + 1.
    const bits = 5;
    expect(counts.kernels[0]?.units).toEqual({
      'integer add': { toggles: 4 * (3 + 1 + 4), bits: 3 * 4 * 3 * bits },
    });
  });

  test('registers: as loaded, added, added up and stored', () => {
    expect(counts.kernels[0]?.registers.toggles).toBe(4 * (3 + 3 + 4 + 4));
  });

  test('energies follow them, in the share that the model states', () => {
    const image = imageOf(
      program,
      rule,
      stating('activity: {dataShare: {banks: 0.4, units: 0.5}, source: paper}\n'),
    );
    const before = price(counters, image.costs).energyPj.byUnit;
    const after = price(counters, withActivity(image, counts)).energyPj.byUnit;
    // 1 pJ a word read and 2 pJ a word written; a quarter and a third of the bits toggle in place of a half.
    expect(before['state bank']).toBe(3 * 1 + 3 * 2);
    expect(after['state bank']).toBeCloseTo(3 * (0.6 + 0.4 / 2) + 6 * (0.6 + (0.4 * 2) / 3), 12);
    // 12 additions of 1 pJ; 32 of 180 bits toggle.
    expect(before.add).toBe(12);
    expect(after.add).toBeCloseTo(12 * (0.5 + 0.5 * (32 / 180 / 0.5)), 12);
    expect(after.leakage).toBe(before.leakage);
  });
});

test('as many toggles as a model assumes change no energy, to the last digit', () => {
  for (const [togglesPerBit, toggles] of [
    [0.5, 5],
    [0.3, 3],
    [0.7, 7],
  ] as const) {
    const image = imageOf(
      program,
      rule,
      stating(`activity: {togglesPerBit: ${togglesPerBit}, source: paper}\n`),
    );
    const seen = { toggles, bits: 10 };
    const { counts, counters } = run(image);
    const assumed: ActivityCounts = {
      ...counts,
      kernels: [{ units: { 'integer add': seen }, registers: seen }],
      banks: counts.banks.map(() => ({ reads: seen, writes: seen })),
    };
    const { bySource, ...energy } = price(counters, withActivity(image, assumed)).energyPj;
    expect({ bySource, ...energy }).toEqual(price(counters, image.costs).energyPj);
    const other = {
      ...assumed,
      kernels: [{ units: { 'integer add': { toggles: 1, bits: 10 } }, registers: seen }],
    };
    expect(price(counters, withActivity(image, other)).energyPj.total).not.toBe(energy.total);
  }
});

test('a core that gates its clock toggles in active lanes alone', () => {
  const gated = rule.replace('over neurons', 'over neurons where self.v');
  const skips = run(withValues(imageOf(program, gated, stating('')), 0x1101));
  const gates = run(
    withValues(imageOf(program, gated, load(roundCore.replace('skip-tile', 'clock'))), 0x1101),
  );
  const bits = ({ counts }: ReturnType<typeof run>) => at(counts.kernels, 0).registers.bits;
  expect(4 * bits(gates)).toBe(3 * bits(skips));
});

/** Neurons with these values. */
function withValues(image: CoreImage, word: number): CoreImage {
  const contents = image.contents.map((words, bank) =>
    at(image.banks, bank).name === 'state' ? words.map((_, index) => (index === 0 ? word : 0)) : words,
  );
  return { ...image, contents };
}
