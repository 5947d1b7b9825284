import { chips as bundledChips, type Chip, findHost, type Host } from '../../chips/index.ts';
import { createSetEncoder, type Dataset } from '../../data/index.ts';
import { type Core, predict, runSample } from '../../engine/index.ts';
import { noEpoch } from '../../random/index.ts';
import type { Cell } from '../description/index.ts';

/** The host of a cell: its chip's, or one that runs samples in time steps. */
export function createHost(
  cell: Cell,
  engine: Core,
  data: Dataset,
  chips: readonly Chip[] = bundledChips,
): Host {
  const { chip, encoder } = cell;
  if (chip === undefined) return stepwise(cell, engine, data);
  return findHost(chips, chip.chip).hosting(chip).start(engine, encoder, data);
}

/** Presents samples as spike trains in time steps; the answer is the readout. */
function stepwise({ encoder, image }: Cell, engine: Core, { train, test }: Dataset): Host {
  const encodeTrain = createSetEncoder(train, encoder);
  const encodeTest = createSetEncoder(test, encoder);
  const { seed, steps } = image;
  return {
    learn(sample, epoch) {
      const label = train.labels[sample] ?? 0;
      runSample(engine, encodeTrain({ seed, epoch, sample }, steps), { label, learn: true });
      return predict(engine);
    },
    ask(sample, observe) {
      const label = test.labels[sample] ?? 0;
      const spikes = encodeTest({ seed, epoch: noEpoch, sample }, steps);
      runSample(engine, spikes, { label, learn: false, observe });
      return predict(engine);
    },
    counters: () => engine.counters(),
    resetCounters: () => engine.resetCounters(),
  };
}
