import { createSetEncoder, type Dataset } from '../../data/index.ts';
import { type Engine, predict } from '../../engine/index.ts';
import type { Counters } from '../../image/index.ts';
import { noEpoch } from '../../random/index.ts';
import { OdinClassifier, type OdinTeaching, ReckonClassifier, type ReckonHosting } from '../chips/index.ts';
import type { Cell } from '../description/index.ts';

/** What stands between a data set and a core: it presents samples, and reads the answers. */
export interface Host {
  /** Presents a sample of the training set, with its label. Returns the answer. */
  learn(sample: number, epoch: number): number;
  /**
   * Presents a sample of the test set, or of the validation split. Returns the answer.
   *
   * @param observe called whenever spikes and fields are to be looked at
   */
  ask(sample: number, observe?: (() => void) | undefined): number;
  counters(): Counters;
  resetCounters(): void;
}

/** The host of a cell. */
export function createHost(cell: Cell, engine: Engine, data: Dataset): Host {
  switch (cell.chip?.chip) {
    case undefined:
      return stepwise(cell, engine, data);
    case 'odin':
      return odin(cell, cell.chip.teaching, engine, data);
    case 'reckon':
      return reckon(cell, cell.chip.hosting, engine, data);
  }
}

/** Samples as spike trains, in time steps; the answer is in the readout. */
function stepwise({ encoder, image }: Cell, engine: Engine, { train, test }: Dataset): Host {
  const encodeTrain = createSetEncoder(train, encoder);
  const encodeTest = createSetEncoder(test, encoder);
  const { seed, steps } = image;
  return {
    learn(sample, epoch) {
      const label = train.labels[sample] ?? 0;
      engine.runSample(encodeTrain({ seed, epoch, sample }, steps), { label, learn: true });
      return predict(engine);
    },
    ask(sample, observe) {
      const label = test.labels[sample] ?? 0;
      const spikes = encodeTest({ seed, epoch: noEpoch, sample }, steps);
      engine.runSample(spikes, { label, learn: false, observe });
      return predict(engine);
    },
    counters: () => engine.counters(),
    resetCounters: () => engine.resetCounters(),
  };
}

/** Digits by the events of ODIN's controller. */
function odin({ image }: Cell, teaching: OdinTeaching, engine: Engine, { train, test }: Dataset): Host {
  if (train.kind !== 'features' || test.kind !== 'features') throw new Error('checkData has let spikes pass');
  const chip = new OdinClassifier(engine, teaching);
  const { seed } = image;
  return {
    learn: (sample, epoch) =>
      chip.present({ set: train, sample, epoch, seed, label: train.labels[sample] ?? 0, learn: true }),
    ask: (sample, observe) =>
      chip.present(
        { set: test, sample, epoch: noEpoch, seed, label: test.labels[sample] ?? 0, learn: false },
        observe,
      ),
    counters: () => chip.counters(),
    resetCounters: () => chip.resetCounters(),
  };
}

/** Spike trains, tick by tick, under ReckOn's controller. */
function reckon(
  { encoder, image }: Cell,
  hosting: ReckonHosting,
  engine: Engine,
  { train, test }: Dataset,
): Host {
  const chip = new ReckonClassifier(engine, hosting);
  const presentTrain = chip.presenter(train, encoder);
  const presentTest = chip.presenter(test, encoder);
  const { seed } = image;
  return {
    learn: (sample, epoch) =>
      presentTrain({ sample, epoch, seed, label: train.labels[sample] ?? 0, learns: true }),
    ask: (sample, observe) =>
      presentTest({ sample, epoch: noEpoch, seed, label: test.labels[sample] ?? 0, learns: false }, observe),
    counters: () => chip.counters(),
    resetCounters: () => chip.resetCounters(),
  };
}
