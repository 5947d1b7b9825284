import { isAtChance } from '../../statistics.ts';
import { energy, grouped, percent } from '../../text/format.ts';
import { html, type Markup } from '../markup.ts';
import { type Card, cardList } from '../section.ts';
import { anyReport, type DesignRuns, restsOnOtherShapes, spreadOf } from '../study.ts';

/** A design's figure with the standard error of its mean; 0 if a single run does not determine it. */
interface MeanFigure {
  readonly design: DesignRuns;
  readonly value: number;
  readonly error: number;
}

/**
 * The best designs by accuracy or sMAPE, memory and energy. A design is not called best if the standard error does not
 * separate it from the others, if it is at chance, or if its energy rests on figures for another shape of the core.
 */
export function cards(designs: readonly DesignRuns[]): Markup {
  const working = designs.filter((design) => !designAtChance(design));
  if (working.length === 0) {
    return html`<p class="note">No design answers better than chance, so none is called best.</p>
`;
  }
  const accuracies = working.flatMap(ratedAccuracy);
  const memories = working.map((design) => ({
    design,
    value: anyReport(design).memory.totalBits,
    error: 0,
  }));
  const energies = working.filter(({ runs }) => !runs.some(restsOnOtherShapes)).flatMap(ratedEnergy);
  const all = [
    card(
      'Highest accuracy',
      accuracies.sort((a, b) => b.value - a.value),
      ({ design, value }) => {
        const { standardError } = spreadOf(design, ({ test }) => test.accuracy);
        return [
          percent(value, 2),
          `${design.label}${standardError === null ? '' : `, ± ${percent(standardError, 2)}`}`,
        ];
      },
    ),
    card(
      'Least sMAPE',
      working.flatMap(ratedRegression).sort((a, b) => a.value - b.value),
      ({ design, value }) => [value.toFixed(2), design.label],
    ),
    card(
      'Least memory',
      memories.sort((a, b) => a.value - b.value),
      ({ design, value }) => [`${grouped(value)} bits`, `${design.label}, while learning`],
    ),
    card(
      'Least energy',
      energies.sort((a, b) => a.value - b.value),
      ({ design, value }) => [energy(value), `${design.label}, per test sample`],
    ),
  ];
  return cardList(all.flatMap((one) => (one === null ? [] : [one])));
}

/** @param ranked best first */
function card(
  name: string,
  ranked: readonly MeanFigure[],
  describe: (best: MeanFigure) => readonly [string, string],
): Card | null {
  const [best] = ranked;
  if (best === undefined) return null;
  const tied = ranked.filter(
    ({ value, error }) => Math.abs(value - best.value) <= Math.hypot(error, best.error),
  );
  const labels = tied.map(({ design }) => design.label);
  const [value, detail] =
    tied.length === 1
      ? describe(best)
      : [
          'no clear winner',
          `${labels.length > 3 ? `${labels.length} designs` : labels.join('; ')}: no difference beyond the standard error`,
        ];
  return [name, value, detail];
}

function ratedAccuracy(design: DesignRuns): MeanFigure[] {
  const { mean, standardError } = spreadOf(design, ({ test }) => test.accuracy);
  if (mean === null) return [];
  // For a single run, the number of samples alone determines the error of its accuracy.
  const samples = anyReport(design).test.samples;
  const ofSamples = Math.sqrt((mean * (1 - mean)) / samples);
  return [{ design, value: mean, error: standardError ?? ofSamples }];
}

function ratedRegression(design: DesignRuns): MeanFigure[] {
  const { mean, standardError } = spreadOf(design, ({ test }) => test.regression?.sMAPE ?? null);
  return mean === null ? [] : [{ design, value: mean, error: standardError ?? 0 }];
}

function ratedEnergy(design: DesignRuns): MeanFigure[] {
  const { mean, standardError } = spreadOf(design, ({ test }) => test.perSample?.energyPj.total ?? null);
  return mean === null ? [] : [{ design, value: mean, error: standardError ?? 0 }];
}

function designAtChance(design: DesignRuns): boolean {
  const { mean } = spreadOf(design, ({ test }) => test.accuracy);
  const { chance, samples } = anyReport(design).test;
  return mean !== null && chance != null && isAtChance({ accuracy: mean, chance, samples });
}
