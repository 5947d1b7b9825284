import { chips as bundledChips, type Chip, type CrewWork, findHost, type Host } from '../../chips/index.ts';
import type { Crew } from '../../cores/index.ts';
import { createSetEncoder, type Dataset, type LabelledSet, type SetEncoder } from '../../data/index.ts';
import { type Core, predict, presented, runSample, sampleSteps } from '../../engine/index.ts';
import { Memory } from '../../image/index.ts';
import { noEpoch } from '../../random/index.ts';
import type { Cell } from '../description/index.ts';

/** The host of a cell: its chip's, or one that runs samples in time steps. */
export function createHost(
  cell: Cell,
  engine: Core,
  data: Dataset,
  chips: readonly Chip[] = bundledChips,
  crew?: Crew<CrewWork>,
): Host {
  const { chip, encoder } = cell;
  if (chip === undefined) return stepwise(cell, engine, data);
  const host = findHost(chips, chip.chip).hosting(chip).start(engine, encoder, data, crew);
  fillFromArrays(engine);
  return host;
}

/** The host of a chip writes its own initial weights. Arrays that the program or a file of weights gives come after. */
function fillFromArrays(engine: Core): void {
  const { image } = engine;
  const memory = new Memory(image);
  for (const { field: name } of image.provenance.arrays) {
    const index = image.fields.findIndex((field) => field.name === name);
    const field = image.fields[index];
    if (field?.layout !== undefined) engine.write(index, memory.access(image, field).readAll());
  }
}

/** Presents samples as spike trains in time steps; the answer is the readout. */
function stepwise({ encoder, image }: Cell, engine: Core, { train, test }: Dataset): Host {
  const encodeTrain = encoderOf(train, encoder);
  const encodeTest = encoderOf(test, encoder);
  const { seed } = image;
  const steps = sampleSteps(image);
  return {
    learn(sample, epoch) {
      const label = train.labels[sample] ?? 0;
      const spikes = encodeTrain({ seed, epoch, sample }, steps);
      runSample(engine, presented(image, spikes), { label, learn: true });
      return predict(engine);
    },
    ask(sample, observe) {
      const label = test.labels[sample] ?? 0;
      const spikes = encodeTest({ seed, epoch: noEpoch, sample }, steps);
      runSample(engine, presented(image, spikes), { label, learn: false, observe });
      return predict(engine);
    },
    counters: () => engine.counters(),
    resetCounters: () => engine.resetCounters(),
  };
}

/** Samples without inputs have no spikes, whatever the encoder. */
export function encoderOf(set: LabelledSet, encoder: Cell['encoder']): SetEncoder {
  if (set.inputs > 0) return createSetEncoder(set, encoder);
  return (_, steps) => ({ steps, offsets: new Uint32Array(steps + 1), indices: new Uint16Array() });
}
