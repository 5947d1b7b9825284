import { area, energy, grouped, percent, time, within } from '../../text/format.ts';
import { dataTable, numberCell, type TableCell } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import type { Section } from '../section.ts';
import {
  anyReport,
  type DesignRuns,
  hasRun,
  isRegression,
  meanOf,
  type PhaseName,
  restsOnOtherShapes,
  spreadOf,
} from '../study.ts';
import { cards } from './cards.ts';
import { regressionCells, regressionColumns } from './regression.ts';
import { energyCell } from './unknown.ts';

/** The designs side by side, which readers want to see first. */
export const overview: Section = {
  id: 'overview',
  title: 'Overview',
  short: 'Overview',
  render: ({ all: { designs, missing } }) => html`${cards(designs)}${remarkTable(designs)}${dataTable({
    id: 'designs',
    caption: 'Designs, means over seeds',
    columns: [
      { head: 'design', csv: 'design' },
      { head: 'runs', number: true },
      ...(isRegression(designs)
        ? regressionColumns
        : [
            { head: 'accuracy', csv: 'accuracyMean', number: true },
            { head: '± std', csv: 'accuracyStandardDeviation', number: true },
            { head: 'std error', csv: 'accuracyStandardError', number: true },
          ]),
      { head: 'memory, bits', csv: 'memoryBits', number: true },
      { head: 'for inference', csv: 'inferenceBits', number: true },
      { head: 'saved against FP32', csv: 'savedTraining', number: true },
      { head: 'with gradients', csv: 'savedTrainingGradients', number: true },
      { head: 'area', csv: 'areaUm2', number: true },
      { head: 'energy, training', csv: 'trainEnergyPjPerSample', number: true },
      { head: 'energy, test', csv: 'testEnergyPjPerSample', number: true },
      { head: 'cycles, test', csv: 'testCyclesPerSample', number: true },
      { head: 'latency, test', csv: 'testLatencyNsPerSample', number: true },
    ],
    rows: designs.map((design) => designRow(design, isRegression(designs))),
  })}<p class="note">Energy, cycles and latency are those of one sample; in brackets, the bounds that follow from the intervals of the hw-model’s figures. Saved: memory for learning, as compiled, compared with the same program on a float32 core without and with a gradient buffer. Standard deviation of the sample (n − 1); standard error of the mean.</p>
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
function scoreCells(design: DesignRuns, asksForNumbers: boolean): TableCell[] {
  const accuracy = spreadOf(design, ({ test }) => test.accuracy);
  if (!asksForNumbers)
    return [accuracy.mean, accuracy.standardDeviation, accuracy.standardError].map((one) =>
      numberCell(one, (share) => percent(share, 2)),
    );
  return regressionCells({
    sMAPE: spreadOf(design, ({ test }) => test.regression?.sMAPE ?? null).mean,
    R2: spreadOf(design, ({ test }) => test.regression?.R2 ?? null).mean,
  });
}

function designRow(design: DesignRuns, asksForNumbers: boolean): TableCell[] {
  const { memory, core } = anyReport(design);
  const totalUm2 = core.area.totalUm2;
  const saved = (basis: string) => {
    const copies = memory.savings.find(
      (saving) => saving.basis === 'training' && saving.bits === memory.totalBits,
    )?.inferenceWeights;
    const found = memory.savings.find(
      (saving) => saving.basis === basis && saving.inferenceWeights === copies,
    );
    return numberCell(found?.ratio ?? null, (ratio) => percent(ratio));
  };
  return [
    design.label,
    numberCell(design.runs.length, String),
    ...scoreCells(design, asksForNumbers),
    numberCell(memory.totalBits, grouped),
    numberCell(memory.inferenceBits, grouped),
    saved('training'),
    saved('training, FP32 with gradients'),
    numberCell(totalUm2 === 0 ? null : totalUm2, area),
    meanEnergyCell(design, 'train'),
    meanEnergyCell(design, 'test'),
    numberCell(
      meanOf(design, 'test', ({ counters }) => counters.cycles),
      grouped,
    ),
    numberCell(
      meanOf(design, 'test', ({ latencyNs }) => latencyNs),
      time,
    ),
  ];
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
    return [...remarks].map(([text, { about, seeds }]): TableCell[] => [
      label,
      about === 'energy' && runs.some(restsOnOtherShapes) ? `* ${about}` : about,
      text,
      seeds.length === runs.length ? 'all' : seeds.join(', '),
    ]);
  });
  if (rows.length === 0) return null;
  return dataTable({
    id: 'remarks',
    caption: 'Remarks: read these before relying on the figures',
    columns: [{ head: 'design' }, { head: 'about' }, { head: 'remark' }, { head: 'seeds' }],
    rows,
  });
}

/** Explains the asterisk. */
function markNote(designs: readonly DesignRuns[]): Markup | null {
  if (!designs.some(({ runs }) => runs.some(restsOnOtherShapes))) return null;
  return html`<p class="note">* Energies of this design rest on figures of the hw-model that were stated for another shape of the core (see <a href="#remarks">remarks</a>); they cannot be compared with those of other designs.</p>
`;
}
