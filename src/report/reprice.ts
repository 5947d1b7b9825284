import { addCounts, type Counters, type Image, noCounts, type ProgramView } from '../image/index.ts';
import { repriceLife } from './life.ts';
import type { Outcome } from './outcome.ts';
import { isAboutPrice, priceRemarks } from './remarks.ts';
import { pricedParts, scoredPhase } from './report.ts';
import type { Report } from './schema.ts';

/** The counts of a run: in each epoch, and on the scored samples. */
export interface RunCounts {
  readonly history: Outcome['history'];
  readonly scored: Counters;
}

/**
 * The report of a run at other prices. Nothing runs: its answers, spikes and memory stay, and its counts are priced
 * anew. It equals the report of a run on the core that has these prices, as long as that core does the same.
 *
 * @param image the run's, with the new prices
 */
export function reprice(report: Report, { history, scored: counters }: RunCounts, image: Image): Report {
  const trainCounters = sumOfEpochs(history, image);
  const { on, phase } = scoredPhase(report);
  const scored = {
    on,
    samples: phase.samples,
    // The share of right answers is a quotient of two whole numbers.
    correct: phase.accuracy === null ? undefined : Math.round(phase.accuracy * phase.samples),
    ...(phase.chance !== undefined && phase.chance !== null && { chance: phase.chance }),
    ...(phase.regression !== undefined && { regression: phase.regression }),
    counters,
  };
  const { hwModel } = report.provenance;
  return {
    ...report,
    remarks: [
      ...priceRemarks(image, [trainCounters, counters]),
      ...report.remarks.filter((remark) => !isAboutPrice(remark)),
    ],
    ...pricedParts({ image, history, trainCounters, scored }),
    ...(report.life !== undefined && { life: repriceLife(report.life, { image, history }) }),
    provenance: { ...report.provenance, hwModel: image.core.hwModel, ranOn: hwModel },
  };
}

/** The counts of all epochs together. */
export function sumOfEpochs(history: RunCounts['history'], image: ProgramView): Counters {
  return history.reduce<Counters>((sum, { counters }) => addCounts(sum, counters), noCounts(image));
}
