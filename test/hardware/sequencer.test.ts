import { describe, expect, test } from 'vitest';
import { imageOn } from '../../src/compiler/index.ts';
import {
  deployCell,
  findHwModel,
  loadExperiment,
  noSettings,
  parseSettings,
} from '../../src/experiment/index.ts';
import { parseVary, readSpace } from '../../src/explore/index.ts';
import { explore } from '../../src/explore/node.ts';
import { findFile } from '../../src/fs/index.ts';
import { type HwModel, usualControlBits } from '../../src/hardware/index.ts';
import { compileProgram } from '../bench/deployment.ts';
import { commandLine } from '../cli/in-process.ts';
import { expectError } from '../support/errors.ts';
import { inThisThread } from '../support/in-this-thread.ts';
import { sweptDesigns } from '../support/sweep.ts';
import { estimate } from './estimate/estimate.ts';
import { edit, load, tiny } from './tiny.ts';

const place = { file: 'set' };
const reference = (sequencer: HwModel['sequencer']): HwModel =>
  findHwModel({ name: 'reference', from: '' }, '', findFile, [
    ...noSettings.hw,
    { path: ['sequencer'], value: sequencer, place },
  ]);
const controlOf = (controlBits: number) =>
  estimate('control', { controlBits, technologyNm: 28, supplyV: 0.9 });
const control = controlOf(usualControlBits);
/** What the law gives a square micrometre without bits. */
const pjPerUm2 = (control.energyPj ?? Number.NaN) / (controlOf(0).areaUm2 ?? Number.NaN);

describe('a hard-wired core', () => {
  test('has neither registers nor fetch, and the control that was synthesised', () => {
    const hardwired = reference('hardwired');
    expect([hardwired.registers, hardwired.fetch]).toEqual([undefined, undefined]);
    expect(hardwired.control).toMatchObject({ areaUm2: control.areaUm2, energyPj: control.energyPj });
    const { registers, fetch, router, control: stated } = reference('microcode');
    // The FIFO is in control, and has no area beside it. A push costs what it costs.
    expect(router.areaUm2).toBeGreaterThan(0);
    expect(hardwired.router).toMatchObject({ areaUm2: 0, pushPj: router.pushPj });
    expect([registers?.perLane, fetch?.energyPj]).toEqual([16, expect.any(Number)]);
    // ODIN's, as its file states it.
    expect(stated.areaUm2).toBe(35_860);
  });

  test('keeps the control that its own model states', () => {
    const own = edit(tiny, 'columnGate: clock', 'columnGate: clock\nsequencer: hardwired');
    // Its energy is not stated, and not free: that of its area, as the law has it.
    const { areaUm2, energyPj } = load(own).control;
    expect(areaUm2).toBe(50);
    expect(energyPj).toBeCloseTo(50 * pjPerUm2, 12);
    const child = 'format: plasticore/hw-model/1\nextends: tiny.yaml\nname: child\nsequencer: hardwired\n';
    const inherited = load(child, { 'tiny.yaml': tiny });
    expect(inherited.control.areaUm2).toBe(control.areaUm2);
    expect(inherited.otherShapes).toEqual([]);
    const stated = load(`${child}control: {areaUm2: 60}\n`, { 'tiny.yaml': tiny });
    expect(stated.control.areaUm2).toBe(60);
    expect(stated.control.energyPj).toBeCloseTo(60 * pjPerUm2, 12);
    // An area of 0 is one that nobody knows.
    const unknown = load(`${child}control: {areaUm2: 0}\n`, { 'tiny.yaml': tiny });
    expect(unknown.control).toMatchObject({ areaUm2: 0, energyPj: control.energyPj });
  });

  test('has the bits of its program, where it does not state them', () => {
    const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
    const of = (...set: readonly string[]) => {
      const settings = parseSettings([
        'program.populations.hidden.size=16',
        ...['sequencer=hardwired', 'lanes=8', 'inferenceWeights=sliced', ...set].map((each) => `hw.${each}`),
      ]);
      return deployCell(experiment, { precision: 'mp8-8', settings }, findFile);
    };
    const { hw, image } = of();
    // A list of 98 tiles of inputs and one of 2 tiles of hidden neurons, of 7 bits and 8 lanes each; a FIFO of 64
    // entries of 2 bits of a population, 7 of a tile, 8 lanes, 7 of a number and one of a run; a gate of 784 inputs.
    const bits = (98 + 2) * (7 + 8) + 64 * (2 + 7 + 8 + 7 + 1) + 4 * 25 * 8;
    expect(hw.control).toMatchObject({ bits, areaUm2: controlOf(bits).areaUm2 });
    expect(image.costs.area.byUnit.control).toBe(hw.control.areaUm2);
    const { low, high } = hw.control.sources.areaUm2.interval;
    expect(high / low).toBeLessThan(reference('hardwired').control.sources.areaUm2.interval.high ** 2 / 4);
    expect(of('control.bits=100').hw.control).toMatchObject({ bits: 100, areaUm2: controlOf(100).areaUm2 });
    // Cycles and ports that are not written as hardware leave the bits as they are.
    for (const set of [
      'overheads.rowCycles=0',
      'overheads.scanCycles=2',
      'banks.state.ports={read: 2, write: 2}',
    ])
      expect(of(set).hw.control.bits, set).toBe(bits);
    expect(of('sequencer=microcode').hw.control.bits).toBeUndefined();
  });

  test('has a clock that drives the same flip-flops, whether its bits are stated or usual', () => {
    const clockOf = (stated: string) =>
      load(
        `${edit(tiny, 'columnGate: clock', 'columnGate: clock\nsequencer: hardwired').replace(/control: {.*}/, `control: {${stated}}`)}clockPower: {uwPerMhz: auto}\n`,
      ).clockPower?.uwPerMhz;
    const usual = clockOf('areaUm2: auto, energyPj: auto, source: paper');
    expect(usual).toBeGreaterThan(0);
    expect(clockOf(`areaUm2: auto, energyPj: auto, bits: ${usualControlBits}, source: paper`)).toBe(usual);
    expect(clockOf(`areaUm2: ${control.areaUm2}, bits: ${usualControlBits}, source: paper`)).toBeCloseTo(
      usual ?? 0,
      9,
    );
    // An area that is stated counts beside its bits, and has no room for more of them than it holds.
    const bits = 'bits: 100, source: paper';
    expect(clockOf(`areaUm2: 60000, ${bits}`)).toBeGreaterThan(clockOf(`areaUm2: 30000, ${bits}`) ?? 0);
    expect(clockOf('areaUm2: 60, source: paper')).toBeLessThan(usual ?? 0);
  });

  test('takes no flip-flops and no FIFO from a core with microcode', () => {
    const base = edit(tiny, 'control: {areaUm2: 50,', 'control: {areaUm2: 50, flipFlops: 90000,');
    const child = 'format: plasticore/hw-model/1\nextends: tiny.yaml\nname: child\nsequencer: hardwired\n';
    const found = load(child, { 'tiny.yaml': base });
    expect(found.control.flipFlops).toBeUndefined();
    expect(found.router.areaUm2).toBe(0);
    const own = load(`${child}control: {flipFlops: 70}\nrouter: {areaUm2: 5}\n`, { 'tiny.yaml': base });
    expect(own.control.flipFlops).toBe(70);
    expect(own.router.areaUm2).toBe(5);
  });

  test('alone has an estimate of its control', () => {
    const auto = edit(tiny, 'control: {areaUm2: 50', 'control: {areaUm2: auto');
    expectError(() => load(auto), 'range', 'nothing estimates the control of a core with microcode');
  });

  test('spends control in each cycle of a tile, and nothing on instructions', () => {
    const image = compileProgram('mnist-snn');
    const learn = image.work.indexOf('learn(inputToHidden)');
    const priced = (sequencer: HwModel['sequencer']) => {
      const { perSlot = [], perTile = [] } = imageOn(image, reference(sequencer)).costs.work[learn] ?? {};
      return [...perSlot, ...perTile];
    };
    const kinds = (sequencer: HwModel['sequencer']) => priced(sequencer).map((cost) => cost.class);
    expect(kinds('microcode')).toEqual(expect.arrayContaining(['registers', 'fetch']));
    const hardwired = priced('hardwired');
    expect(hardwired.map((cost) => cost.class)).not.toEqual(expect.arrayContaining(['registers']));
    // Three cycles a tile.
    expect(hardwired.filter((cost) => cost.class === 'control')).toMatchObject([
      { count: 3, energyPj: control.energyPj },
    ]);
    const units = (sequencer: HwModel['sequencer']) =>
      priced(sequencer).filter((cost) => !['registers', 'fetch', 'control'].includes(cost.class));
    expect(units('hardwired')).toEqual(units('microcode'));
  });
});

test('designs of a search cost the same in whichever order they come', async () => {
  const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
  const priced = async (cycles: string) => {
    const text = `format: plasticore/space/1\naxes: {hw.overheads.kernelCycles: ${cycles}}\n`;
    const { designs } = await explore(
      experiment,
      readSpace({ text, file: 'space.yaml' }),
      {
        ...{ limit: 1, epochs: 0, plan: { search: 'grid', designs: undefined, seed: 1 }, on: inThisThread },
        settings: parseSettings(['hw.sequencer=hardwired', 'program.populations.hidden.size=16']),
      },
      findFile,
    );
    return new Map(designs.map(({ values, figures }) => [values['hw.overheads.kernelCycles'], figures]));
  };
  const [up, down] = [await priced('[0, 1]'), await priced('[1, 0]')];
  expect(up.size).toBe(2);
  expect(down).toEqual(up);
  expect(up.get(0)?.areaUm2).toBeGreaterThan(0);
  expect(up.get(0)?.areaUm2).toBe(up.get(1)?.areaUm2);
});

test('the sequencer is an axis of designs', async () => {
  const sequencers = ['microcode', 'hardwired'];
  const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
  const text = 'format: plasticore/space/1\naxes: {hw.sequencer: [microcode, hardwired]}\n';
  const { designs } = await explore(
    experiment,
    readSpace({ text, file: 'space.yaml' }),
    { limit: 2, epochs: 0, plan: { search: 'grid', designs: undefined, seed: 1 }, on: inThisThread },
    findFile,
  );
  expect(designs.map(({ status, values }) => [status, values['hw.sequencer']])).toEqual(
    sequencers.map((sequencer) => ['done', sequencer]),
  );
  const choice = { precisions: ['mp16-8'], vary: parseVary(['hw.sequencer=microcode,hardwired']) };
  const cells = sweptDesigns(experiment, choice).map((design) => design.compile(1));
  expect(cells.map(({ hw }) => hw?.sequencer)).toEqual(sequencers);
  const unknown = await commandLine(['hw', 'show', 'reference', '--set', 'hw.sequencer=fixed']);
  expect([unknown.status, unknown.stderr]).toEqual([
    2,
    expect.stringContaining('expected microcode or hardwired'),
  ]);
});
