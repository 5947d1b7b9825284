import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deployCell, loadExperiment, parseSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { failure } from '../hardware/tiny.ts';

const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
const costOf = (work: string, ...set: readonly string[]) => {
  const { image, hw } = deployCell(experiment, { settings: parseSettings(set) }, findFile);
  const cost = image.costs.work[image.work.indexOf(work)];
  if (cost === undefined) throw new Error(`no ${work}`);
  return { cost, hw };
};

/*
 * programs/rules/learn.uc, an instruction a line, with the bits of its result:
 *   ld r0 (8), ld r1 (8), mul r2 r0 r1 (16), sra.sr r2 r2 (16), ld r3 (16), add r3 r3 r2 (17), st r3 (17)
 * Seven instructions; accesses to registers of 8 bits: 1 + 1, of 16: 3 + 2 + 1, of 32: 3 + 1.
 */
test('a lane with fewer registers than a kernel names is refused, at the instruction that names one too many', () => {
  const set = 'hw.registers.perLane=3';
  const fault = failure(() => costOf('learn(inputToHidden)', set));
  const [learn] = [fault, ...fault.others].filter(({ message }) => message.startsWith("kernel 'learn'"));
  expect(learn).toMatchObject({
    code: 'fit',
    message: "kernel 'learn' names 4 registers; a lane of hw-model 'reference' has 3",
  });
  expect(learn?.file).toMatch(/learn\.uc$/);
  const text = readFileSync('programs/rules/learn.uc', 'utf8').split('\n');
  expect(text[(learn?.line ?? 0) - 1]).toContain('r3');
  expect(learn?.hint).toContain('registers.perLane of 4 holds it');
  // A kernel with a cost of its own need not run on the lanes.
  const stated = 'hw.kernels={learn: {cyclesPerItem: 2, energyPjPerItem: 1, source: pipeline}}';
  const others = failure(() => costOf('learn(inputToHidden)', set, stated));
  expect([others, ...others.others].map(({ message }) => message).join()).not.toContain("'learn'");
});

describe('what instructions cost beside their units', () => {
  const { cost, hw } = costOf('learn(inputToHidden)');
  const charged = (unit: string) =>
    [...cost.perSlot, ...(cost.perTile ?? [])]
      .filter((operation) => operation.class === unit)
      .map(({ widthBits, count }) => [widthBits, count]);

  test('a fetch each for all lanes together, and an access for each register that they name, at its width', () => {
    expect(charged('fetch')).toEqual([[32, 7]]);
    expect(charged('registers')).toEqual([
      [8, 2],
      [16, 6],
      [32, 4],
    ]);
    const [fetch, ...others] = cost.perTile ?? [];
    expect([fetch?.energyPj, others]).toEqual([hw.fetch?.energyPj, []]);
  });

  test('and the sequencer for each cycle without a tile: starts, rows, and filling the pipeline', () => {
    const control = (count: number) => [
      {
        class: 'control',
        arithmetic: 'integer',
        widthBits: 32,
        count,
        energyPj: hw.control.energyPj,
        source: 'estimator:fetch',
      },
    ];
    // A row is looked up and loads a word; the fill of 3 comes once a run, since rows overlap.
    expect(cost.perRun).toEqual(control(1 + 3));
    expect(cost.perPass).toEqual(control(2));
    expect([cost.runCycles, cost.passCycles]).toEqual([1 + 3, 2]);
  });

  test('changes no cycles, and is left out where the core has no figure', () => {
    const bare = costOf(
      'learn(inputToHidden)',
      'hw.registers=null',
      'hw.fetch=null',
      'hw.control.energyPj=null',
    ).cost;
    const { perTile: _, ...others } = cost;
    const units = cost.perSlot.filter(({ class: unit }) => unit !== 'registers');
    expect(bare).toEqual({ ...others, perSlot: units, perRun: [], perPass: [] });
  });

  test('belongs to no kernel whose cost is stated', () => {
    const set = 'hw.kernels={learn: {cyclesPerItem: 2, energyPjPerItem: 1, source: pipeline}}';
    const stated = costOf('learn(inputToHidden)', set).cost;
    expect([stated.perSlot, stated.perTile, stated.perRun, stated.perPass]).toEqual([[], undefined, [], []]);
  });
});
