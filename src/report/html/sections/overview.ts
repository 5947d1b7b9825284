import { energy, grouped, percent, time } from '../../text/format.ts';
import { type Cell, dataTable, numberCell } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import type { MakeSection } from '../section.ts';
import { anyReport, type Design, meanOf, spreadOf } from '../study.ts';

/** What a reader wants first: the designs beside each other. */
export const overview: MakeSection = ({ designs, missing }) => ({
  id: 'overview',
  title: 'Overview',
  short: 'Overview',
  body: html`${cards(designs)}${dataTable({
    id: 'designs',
    caption: 'Designs, means over seeds',
    columns: [
      { head: 'design', csv: 'design' },
      { head: 'runs', number: true },
      { head: 'accuracy', csv: 'accuracyMean', number: true },
      { head: '± std', csv: 'accuracyStandardDeviation', number: true },
      { head: 'memory, bits', csv: 'memoryBits', number: true },
      { head: 'for inference', csv: 'inferenceBits', number: true },
      { head: 'saved against FP32', csv: 'savedTraining', number: true },
      { head: 'with gradients', csv: 'savedTrainingGradients', number: true },
      { head: 'energy, training', csv: 'trainEnergyPjPerSample', number: true },
      { head: 'energy, test', csv: 'testEnergyPjPerSample', number: true },
      { head: 'cycles, test', csv: 'testCyclesPerSample', number: true },
      { head: 'latency, test', csv: 'testLatencyNsPerSample', number: true },
    ],
    rows: designs.map(designRow),
  })}<p class="note">Energy, cycles and latency are those of one sample. Saved: of all that learning needs, as compiled, against the same program on a float32 core, without and with a buffer of gradients there. Standard deviation of the sample (n − 1).</p>
${validatedNote(designs)}${missingNote(missing.length)}`,
});

/** Means over some of the seeds, or some of the designs, are not those of the whole sweep. */
function missingNote(count: number): Markup | null {
  if (count === 0) return null;
  const which = count === 1 ? '1 cell of the sweep has' : `${count} cells of the sweep have`;
  return html`<p class="note">${which} no result, or none yet: <a href="#missing-runs">which, and why</a>.</p>
`;
}

/** Accuracies on a validation split are no test accuracies: the page says whose they are. */
function validatedNote(designs: readonly Design[]): Markup | null {
  const validated = designs.filter((design) => anyReport(design).scoredOn === 'validation');
  if (validated.length === 0) return null;
  const which =
    validated.length === designs.length ? 'All designs' : validated.map(({ label }) => label).join('; ');
  return html`<p class="note">${which}: scored on a part of the training set that was held out for validation, not on the test set. Accuracy, energy, cycles and latency under “test” are those of that part.</p>
`;
}

function designRow(design: Design): Cell[] {
  const { memory } = anyReport(design);
  const accuracy = spreadOf(design, ({ test }) => test.accuracy);
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
    numberCell(accuracy.mean, (share) => percent(share, 2)),
    numberCell(accuracy.deviation, (share) => percent(share, 2)),
    numberCell(memory.totalBits, grouped),
    numberCell(memory.inferenceBits, grouped),
    saved('training'),
    saved('training, FP32 with gradients'),
    numberCell(
      meanOf(design, 'train', ({ energyPj }) => energyPj.total),
      energy,
    ),
    numberCell(
      meanOf(design, 'test', ({ energyPj }) => energyPj.total),
      energy,
    ),
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

function cards(designs: readonly Design[]): Markup {
  const rated = designs.map((design) => ({
    design,
    accuracy: spreadOf(design, ({ test }) => test.accuracy),
    memory: anyReport(design).memory.totalBits,
    energy: meanOf(design, 'test', ({ energyPj }) => energyPj.total),
  }));
  const least = (of: (one: (typeof rated)[number]) => number | null) =>
    rated
      .flatMap((one) => {
        const value = of(one);
        return value === null ? [] : [{ ...one, value }];
      })
      .sort((a, b) => a.value - b.value)[0];
  const best = least(({ accuracy }) => (accuracy.mean === null ? null : -accuracy.mean));
  const smallest = least(({ memory }) => memory);
  const frugal = least((one) => one.energy);
  const card = (name: string, value: string, detail: string) =>
    html`<div class="card"><dt>${name}</dt><dd><strong>${value}</strong> <span>${detail}</span></dd></div>
`;
  const deviation = best?.accuracy.deviation ?? null;
  return html`<dl class="cards">
${[
  best === undefined
    ? null
    : card(
        'Highest accuracy',
        percent(-best.value, 2),
        `${best.design.label}${deviation === null ? '' : `, ± ${percent(deviation, 2)}`}`,
      ),
  smallest === undefined
    ? null
    : card('Least memory', `${grouped(smallest.value)} bits`, `${smallest.design.label}, while learning`),
  frugal === undefined
    ? null
    : card('Least energy', energy(frugal.value), `${frugal.design.label}, a test sample`),
]}</dl>
`;
}
