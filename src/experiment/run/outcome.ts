import { at } from '../../arrays/index.ts';
import type { Dataset } from '../../data/index.ts';
import { stateSha256 } from '../../engine/index.ts';
import {
  makeReport,
  type Report,
  regressionOf,
  shareOfMostFrequent,
  sumOfEpochs,
  type Timing,
} from '../../report/index.ts';
import { type Cell, describeLife } from '../description/index.ts';
import { bestEpoch, scoredSamples } from '../session/index.ts';
import { describeInput, type RunIdentity, reportedPart } from './identity.ts';
import { learnedSamples, lifeOutcome } from './life-outcome.ts';
import { numbersOf } from './numbers.ts';
import type { RunResult } from './run.ts';

/** Makes the report of a run. Equal runs give equal reports, apart from `timing`. */
export function reportOf(
  cell: Cell,
  data: Dataset,
  identity: RunIdentity,
  result: RunResult,
  timing: Pick<Timing, 'wallSeconds' | 'workers' | 'host'>,
): Report {
  const { validation, selection } = cell;
  const part = validation ?? selection;
  const { image } = cell;
  const isAsked = data.test.classes > 0;
  const on = validation === undefined ? 'test' : 'validation';
  const { history, scored, machine, speed } = result;
  const order = scoredSamples(cell, data);
  const labels = Array.from(order, (sample) => at(data.test.labels, sample));
  const numbers = numbersOf(cell, data.test, labels, scored.scores);
  return makeReport(
    {
      image,
      remark: result.remark,
      history,
      trainCounters: sumOfEpochs(history, image),
      scored: {
        on,
        samples: order.length,
        correct: isAsked ? scored.correct : undefined,
        ...(numbers !== undefined && { regression: regressionOf(numbers.answers, numbers.targets) }),
        ...(!isAsked && numbers === undefined && data.test.inputs > 0 && { isUnlabelled: true }),
        chance: isAsked ? shareOfMostFrequent(labels) : undefined,
        counters: scored.counters,
      },
      ...(data.validationFrom !== undefined && { validated: data.test.count - data.validationFrom }),
      activity: {
        samples: order.length,
        neuronSpikes: scored.neuronSpikes,
        read: (field) => machine.read(field),
        // A chip's controller counts steps in its own way.
        steps: image.core.controller === undefined ? scored.counters.steps : result.steps,
        membraneUpdates: scored.membraneUpdates,
      },
      ...(cell.life !== undefined && { life: lifeOutcome({ ...cell, life: cell.life }, data, result) }),
    },
    {
      plasticore: image.provenance.compiler,
      experiment: cell.name,
      program: image.program,
      hwModel: image.core.hwModel,
      precision: image.core.precision,
      seed: image.seed,
      epochs: cell.epochs,
      ...(cell.inference === true && { inference: true as const }),
      encoder: describeInput(cell),
      ...(cell.life !== undefined && { life: describeLife(cell.life) }),
      limit: cell.limit ?? null,
      settings: cell.settings,
      data: {
        name: data.name,
        description: data.description,
        train: learnedSamples(cell, data),
        [on]: order.length,
        ...(data.validationFrom !== undefined && { validation: data.test.count - data.validationFrom }),
        corrections: data.corrections ?? [],
        sha256: identity.dataSha256,
      },
      ...(part !== undefined && {
        validation: {
          ...reportedPart(part),
          heldOut: data.heldOut ?? 'stratified',
          ...(selection !== undefined && { bestEpoch: bestEpoch(history) ?? 0 }),
        },
      }),
      recorded: identity.recorded,
      sources: image.provenance.sources,
      ...(image.core.controllerModule !== undefined && { controller: image.core.controllerModule }),
      ...(image.provenance.arrays.length > 0 && {
        arrays: image.provenance.arrays.map((array) => ({ ...array })),
      }),
      imageSha256: identity.imageSha256,
      // Where the host of a chip makes the cores itself, the machine has one like them, which has not run.
      ...(machine.cores.length === image.cores.length && { stateSha256: stateSha256(machine.save()) }),
    },
    {
      wallSeconds: timing.wallSeconds,
      trainSamplesPerSecond: speed.train,
      testSamplesPerSecond: speed.test,
      engine: machine.engine,
      workers: timing.workers,
      host: timing.host,
    },
  );
}
