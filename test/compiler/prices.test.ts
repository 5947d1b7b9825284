import { describe, expect, test } from 'vitest';
import { costBasis, pricesOn } from '../../src/compiler/index.ts';
import { deployCell, loadExperiment, parseSettings } from '../../src/experiment/index.ts';
import { bundledNames, findFile } from '../../src/fs/index.ts';
import { functionOf } from '../../src/hardware/index.ts';
import type { Image, ProgramView } from '../../src/image/index.ts';

/** Chips with thousands of cores take seconds to compile, and cost what smaller ones do. */
const large = ['loihi-chip', 'truenorth-chip', 'sparse-16k'];
const bundled = bundledNames('experiment')
  .filter((name) => !large.includes(name))
  .flatMap((name) => {
    const experiment = loadExperiment(findFile('experiment', name, ''));
    return experiment.spec.precisions.map((precision) => ({ name, precision, experiment }));
  });
/**
 * One of each program on each core, at one precision: experiments of the same two differ in samples and rates.
 */
const cells = new Map(
  bundled.map((cell) => [`${cell.experiment.spec.program} ${cell.experiment.spec.hw}`, cell]),
).values();

test.each([...cells])(
  'the prices of $name at $precision follow from its image',
  ({ precision, experiment }) => {
    const { image, hw } = deployCell(experiment, { precision }, findFile);
    expect(pricesOn(costBasis(image), hw)).toEqual(image.costs);
  },
);

/** Prices of a large network are no other ones. */
const small = ['program.populations.hidden.size=32'];

/** What `--set` changes, and whether that is function on one core, and on a chip of many. */
const changes = [
  { set: 'hw.clockMhz=150', one: false, many: true },
  { set: 'hw.supplyV=0.8', one: false, many: false },
  { set: 'hw.technologyNm=22', one: false, many: false },
  { set: 'hw.banks.state.ports={shared: 1}', one: false, many: true },
  { set: 'hw.banks.state.readPj=10', one: false, many: false },
  { set: 'hw.banks.state.capacityBits=16777216', one: false, many: true },
  { set: 'hw.operations.integer.add.unitsPerLane=2', one: false, many: true },
  { set: 'hw.operations.integer.add.energyPj={8: 0.01, 32: 0.04}', one: false, many: false },
  { set: 'hw.registers.energyPj={8: 0.1, 32: 0.4}', one: false, many: false },
  { set: 'hw.registers.perLane=15', one: true, many: true },
  { set: 'hw.fetch.energyPj=1', one: false, many: false },
  { set: 'hw.control.energyPj=1', one: false, many: false },
  { set: 'hw.overheads.fillCycles=2', one: false, many: true },
  { set: 'hw.overheads.scanCycles=0', one: false, many: true },
  { set: 'hw.router.pushPj=1', one: false, many: false },
  {
    set: 'hw.kernels={integrate: {cyclesPerItem: 2, energyPjPerItem: 0, source: pipeline}}',
    one: false,
    many: true,
  },
  {
    set: 'hw.otherKernels={row: {cyclesPerItem: 2, energyPjPerItem: 0, source: pipeline}}',
    one: false,
    many: true,
  },
  { set: 'hw.lanes=8', one: true, many: true },
  { set: 'hw.banks.state.wordBits=128', one: true, many: true },
  { set: 'hw.banks.state.bitMask=false', one: true, many: true },
  { set: 'hw.router.fifoDepth=32', one: true, many: true },
  { set: 'hw.columnGate=clock', one: true, many: true },
  { set: 'hw.inferenceWeights=sliced', one: true, many: true },
  { set: 'hw.precision.accumulatorBits=[24]', one: true, many: true },
] as const;

/** An image without its prices, capacities and chip, nor those of its cores. */
function unpriced({ chip: _chip, cores, ...whole }: Image) {
  return {
    ...unpricedView(whole),
    cores: cores.map(({ image, ...core }) => ({ ...core, image: unpricedView(image) })),
  };
}

function unpricedView<View extends ProgramView>({ costs: _costs, banks, ...view }: View) {
  return { ...view, banks: banks.map(({ capacityBits: _capacity, ...bank }) => bank) };
}

describe.each([
  { hw: 'reference', chip: 'one' },
  { hw: 'mesh', chip: 'many' },
] as const)('on $hw', ({ hw, chip }) => {
  const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
  const deployed = (set: readonly string[]) =>
    deployCell(experiment, { hw, settings: parseSettings([...small, ...set]) }, findFile);
  const plain = deployed([]);

  test.each(changes)('$set', ({ set, [chip]: isFunction }) => {
    const changed = deployed([set]);
    expect(JSON.stringify(functionOf(changed.hw)) !== JSON.stringify(functionOf(plain.hw))).toBe(isFunction);
    if (isFunction) return;
    // What does the same is the same image, but for what it states of prices and capacities, and is priced from the
    // other's.
    expect(unpriced(changed.image)).toEqual(unpriced(plain.image));
    expect(pricesOn(costBasis(plain.image), changed.hw)).toEqual(changed.image.costs);
  });
});
