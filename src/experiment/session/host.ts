import { chips as bundledChips, type Chip, fillFromArrays, findHost, type Host } from '../../chips/index.ts';
import type { Dataset } from '../../data/index.ts';
import { predict, runSample } from '../../engine/index.ts';
import type { Crew, CrewWork, Machine } from '../../machine/index.ts';
import { noEpoch } from '../../random/index.ts';
import { at } from '../../text/index.ts';
import type { Cell } from '../description/index.ts';
import { EncodedSamples, type SessionSample } from './encoded.ts';

/** The host of a cell: its chip's, or one that runs samples in time steps. */
export function createHost(
  cell: Cell,
  machine: Machine,
  data: Dataset,
  chips: readonly Chip[] = bundledChips,
  crew?: Crew<CrewWork>,
): Host {
  const { chip, encoder } = cell;
  if (chip === undefined) return stepwise(cell, machine, data);
  const host = findHost(chips, chip).hosting(chip).start(machine, encoder, data, crew);
  for (const core of machine.cores) fillFromArrays(core);
  return host;
}

/** Presents samples as spike trains in time steps; the answer is the readout. */
function stepwise(cell: Cell, machine: Machine, data: Dataset): Host {
  const encoded = new EncodedSamples(cell, data);
  const present = (sample: Omit<SessionSample, 'label'>, observe?: () => void): number => {
    const { learn, from, place } = sample;
    const label = at(data[from].labels, sample.sample);
    runSample(machine, encoded.spikesOf(sample), { label, learn, place, observe });
    return predict(machine);
  };
  return {
    learn: (sample, epoch, { augment, place } = {}) =>
      present({ sample, learn: true, from: 'train', epoch, augment, place }),
    meet: (sample, epoch, { augment, place } = {}) =>
      present({ sample, learn: false, from: 'train', epoch, augment, place }),
    ask: (sample, observe) => present({ sample, learn: false, from: 'test', epoch: noEpoch }, observe),
    counters: () => machine.counters(),
    resetCounters: () => machine.resetCounters(),
  };
}
