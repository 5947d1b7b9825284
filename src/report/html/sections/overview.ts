import {
  type Column,
  column,
  keyed,
  numberCell,
  numbers,
  numeric,
  type TableCell,
  tabled,
} from '../../text/columns.ts';
import { area, energy, grouped, inUnit, percent, time, within } from '../../text/format.ts';
import { dataTable } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { energyCell, regressionColumns, type Section } from '../section.ts';
import {
  anyReport,
  type DesignRuns,
  hasRun,
  isRegression,
  meanOf,
  type PerSample,
  type PhaseName,
  restsOnOtherShapes,
  spreadOf,
} from '../study.ts';
import { cards } from './cards.ts';

/** The designs side by side, which readers want to see first. */
export const overview: Section = {
  id: 'overview',
  title: 'Overview',
  short: 'Overview',
  of: ({ all: { designs, missing } }) => html`${cards(designs)}${remarkTable(designs)}${dataTable({
    id: 'designs',
    caption: 'Designs, means over seeds',
    ...tabled(designs, [
      column('design', ({ label }) => label, 'design'),
      numbers('runs', ({ runs }) => runs.length),
      ...scoreColumns(designs),
      numbers('memory, bits', (own) => anyReport(own).memory.totalBits, grouped, 'memoryBits'),
      numbers('for inference', (own) => anyReport(own).memory.inferenceBits, grouped, 'inferenceBits'),
      numbers('saved against FP32', savedAgainst('training'), percent, 'savedTraining'),
      numbers(
        'with gradients',
        savedAgainst('training, FP32 with gradients'),
        percent,
        'savedTrainingGradients',
      ),
      numeric('area', areaCell, 'areaUm2'),
      numeric('energy, training', (own) => meanEnergyCell(own, 'train'), 'trainEnergyPjPerSample'),
      numeric('energy, test', (own) => meanEnergyCell(own, 'test'), 'testEnergyPjPerSample'),
      inTest('cycles, test', ({ counters }) => counters.cycles, grouped, 'testCyclesPerSample'),
      inTest('latency, test', ({ latencyNs }) => latencyNs, time, 'testLatencyNsPerSample'),
    ]),
  })}<p class="note">Area is that of all cores; energy, cycles and latency are those of one sample; in brackets, the bounds that follow from the intervals of the hw-model’s figures. Saved: memory for learning, as compiled, compared with the same program on a float32 core without and with a gradient buffer. Standard deviation of the sample (n − 1); standard error of the mean.</p>
${markNote(designs)}${validatedNote(designs)}${missingNote(missing.length)}`,
};

/** Means over some of the seeds or designs are not the means of the whole sweep. */
function missingNote(count: number): Markup | null {
  if (count === 0) return null;
  const which = count === 1 ? '1 cell of the sweep has' : `${count} cells of the sweep have`;
  return html`<p class="note">${which} no result, or none yet: <a href="#missing-runs">which ones, and why</a>.</p>
`;
}

/** Accuracy on a validation split is not test accuracy, so the page says where it was measured. */
function validatedNote(designs: readonly DesignRuns[]): Markup | null {
  const validated = designs.filter((design) => anyReport(design).scoredOn === 'validation');
  if (validated.length === 0) return null;
  const which =
    validated.length === designs.length ? 'All designs' : validated.map(({ label }) => label).join('; ');
  return html`<p class="note">${which}: scored on a part of the training set that was held out for validation, not on the test set. Accuracy, energy, cycles and latency under “test” are those of that part.</p>
`;
}

/** The mean accuracy, its deviation and its error; of a regression, the means of sMAPE and R2. */
function scoreColumns(designs: readonly DesignRuns[]): readonly Column<DesignRuns>[] {
  if (isRegression(designs)) {
    const of = (design: DesignRuns, name: 'sMAPE' | 'R2') =>
      spreadOf(design, ({ test }) => test.regression?.[name] ?? null).mean;
    return regressionColumns((design) => ({ sMAPE: of(design, 'sMAPE'), R2: of(design, 'R2') }));
  }
  const accuracy = (design: DesignRuns) => spreadOf(design, ({ test }) => test.accuracy);
  return [
    numbers('accuracy', (own) => accuracy(own).mean, inUnit.share, 'accuracyMean'),
    numbers('± std', (own) => accuracy(own).standardDeviation, inUnit.share, 'accuracyStandardDeviation'),
    numbers('std error', (own) => accuracy(own).standardError, inUnit.share, 'accuracyStandardError'),
  ];
}

/** The area of all cores, with the bounds of its interval. */
function areaCell(design: DesignRuns): TableCell {
  const { totalUm2, interval } = anyReport(design).core.area;
  return totalUm2 === 0 ? null : numberCell(totalUm2, (um2) => within(um2, interval, area));
}

/** What a design saves of the memory of a float32 core, held as it was compiled. */
function savedAgainst(basis: string): (design: DesignRuns) => number | null {
  return (design) => {
    const { savings, totalBits } = anyReport(design).memory;
    const compiled = savings.find((saving) => saving.basis === 'training' && saving.bits === totalBits);
    const found = savings.find(
      (saving) => saving.basis === basis && saving.inferenceWeights === compiled?.inferenceWeights,
    );
    return found?.ratio ?? null;
  };
}

/** A column of means of a quantity of a test sample. */
function inTest(
  head: string,
  of: (perSample: PerSample) => number,
  format: (value: number) => string,
  csv: string,
): Column<DesignRuns> {
  return numbers(head, (design) => meanOf(design, 'test', of), format, csv);
}

/** The mean energy of a sample, with the bounds of its interval. */
function meanEnergyCell(design: DesignRuns, phase: PhaseName): TableCell {
  const bound = (side: 'low' | 'high') =>
    meanOf(design, phase, ({ energyPj }) => energyPj.interval?.[side] ?? Number.NaN);
  const [low, high] = [bound('low'), bound('high')];
  const bounds = low === null || high === null || Number.isNaN(low + high) ? undefined : { low, high };
  return energyCell(
    meanOf(design, phase, ({ energyPj }) => energyPj.total),
    hasRun(design, phase),
    (pj) => within(pj, bounds, energy),
  );
}

/** The caveats of each design, listed once for all its seeds. */
function remarkTable(designs: readonly DesignRuns[]): Markup | null {
  const rows = designs.flatMap(({ label, runs }) => {
    const remarks = new Map<string, { readonly about: string; readonly seeds: number[] }>();
    for (const { report } of runs) {
      for (const { about, text } of report.remarks) {
        const known = remarks.get(text) ?? { about, seeds: [] };
        known.seeds.push(report.provenance.seed);
        remarks.set(text, known);
      }
    }
    const isMarked = runs.some(restsOnOtherShapes);
    return [...remarks].map(([remark, { about, seeds }]) => ({
      design: label,
      about: about === 'energy' && isMarked ? `* ${about}` : about,
      remark,
      seeds: seeds.length === runs.length ? 'all' : seeds.join(', '),
    }));
  });
  if (rows.length === 0) return null;
  return dataTable({
    id: 'remarks',
    caption: 'Remarks: read these before relying on the figures',
    ...tabled(rows, [...keyed('design', 'about', 'remark', 'seeds')]),
  });
}

/** Explains the asterisk. */
function markNote(designs: readonly DesignRuns[]): Markup | null {
  if (!designs.some(({ runs }) => runs.some(restsOnOtherShapes))) return null;
  return html`<p class="note">* Energies of this design rest on figures of the hw-model that were stated for another shape of the core (see <a href="#remarks">remarks</a>); they cannot be compared with those of other designs.</p>
`;
}
