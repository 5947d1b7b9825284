import { tableOf } from '../../text/index.ts';
import { type FigureSpreads, figureOf, figureSpreads, figures, meansOf as means } from '../figures.ts';
import { valueInWords } from '../sweep.ts';
import { type DesignPoint, type DesignSpace, designFigures, frontAmong, readableUnits } from './designs.ts';
import {
  anyReport,
  type DesignRuns,
  identityOf,
  type PerSample,
  type PhaseName,
  partMeans,
  type Study,
} from './study.ts';

/** The usual objectives if no search states any: a design that another betters in all three is not on the front. */
const objectives = ['accuracy', 'energyPj', 'areaUm2'] as const;

/** The designs of runs. Their axes are the precision and all settings in which they differ. */
export function spaceOf({ title, designs }: Study): DesignSpace {
  const identities = designs.map((design) => choicesOf(design));
  const paths = [...new Set(identities.flatMap((choices) => [...choices.keys()]))].filter(
    (path) => new Set(identities.map((choices) => choices.get(path))).size > 1,
  );
  const points = designs.map((design, index): DesignPoint => {
    const of = (phase: PhaseName, what: (perSample: PerSample) => Readonly<Record<string, number>>) =>
      partMeans(design, phase, what);
    const report = anyReport(design);
    const spreads = spreadsOf(design);
    return {
      name: design.label,
      choices: paths.map((path) => identities[index]?.get(path)),
      status: 'done',
      reason: null,
      figures: means(spreads),
      seeds: design.runs.length,
      standardErrors: errorsOf(spreads),
      energyPj: of('test', ({ energyPj }) => energyPj.byUnit),
      trainingEnergyPj: of('train', ({ energyPj }) => energyPj.byUnit),
      areaUm2: readableUnits(report.core.area.byUnit),
      bound: boundOf(design, 'test'),
      trainingBound: boundOf(design, 'train'),
      onFront: false,
      frontShare: null,
      standing: null,
      constraintShare: null,
      settings: report.provenance.settings,
    };
  });
  const wanted = designFigures.filter(
    ({ key }) =>
      objectives.some((name) => name === key) && points.some(({ figures }) => figures[key] !== null),
  );
  const front = new Set(frontAmong(points, wanted));
  return {
    experiment: title,
    scoredOn: designs.some((design) => anyReport(design).scoredOn === 'validation') ? 'validation' : 'test',
    axes: paths.map((path) => ({
      name: shortPath(path, paths),
      values: [...new Set(identities.flatMap((choices) => choices.get(path) ?? []))],
    })),
    objectives: wanted.map(({ title: name }) => name),
    wanted: wanted.map(({ key }) => key),
    points: points.map((point, index) => ({ ...point, onFront: front.has(index) })),
    draws: 0,
  };
}

/** The choices that may tell a design from others: its settings by their paths, and what else defines it. */
function choicesOf(design: DesignRuns): Map<string, string> {
  const { settings: _, ...identity } = identityOf(anyReport(design));
  const settings = anyReport(design).provenance.settings.map((setting): [string, string] => {
    const at = setting.indexOf('=');
    return [setting.slice(0, at), settingInWords(setting.slice(at + 1))];
  });
  return new Map([...Object.entries(identity), ...settings]);
}

/** A value as a setting spells it, in words where it is a list or a mapping. */
function settingInWords(text: string): string {
  if (!/^[[{]/.test(text)) return text;
  try {
    return valueInWords(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The last part of a path, or all of it where another ends alike. */
function shortPath(path: string, paths: readonly string[]): string {
  const last = path.split('.').at(-1) ?? path;
  return paths.filter((other) => other.split('.').at(-1) === last).length === 1 ? last : path;
}

function spreadsOf(design: DesignRuns): FigureSpreads {
  return figureSpreads((name) => {
    const figure = figures.find((known) => known.name === name);
    return figure === undefined
      ? []
      : design.runs.flatMap(({ report }) => figureOf(report, figure, report.test) ?? []);
  });
}

/** Standard errors of the means, without those of figures that all seeds share. */
function errorsOf(spreads: FigureSpreads): DesignPoint['standardErrors'] {
  const errors = Object.entries(spreads).flatMap(([figure, { standardError }]) =>
    standardError === null || standardError === 0 ? [] : [[figure, standardError]],
  );
  return Object.fromEntries(errors);
}

/** Shares of the cycles of a sample by what binds the kernels that take them. */
function boundOf(design: DesignRuns, phase: PhaseName): Record<string, number> {
  const cycles = partMeans(design, phase, ({ counters }) => {
    const sums = tableOf<number>();
    for (const { boundBy, cycles: own } of counters.byKernel) sums[boundBy] = (sums[boundBy] ?? 0) + own;
    return sums;
  });
  const all = Object.values(cycles).reduce((sum, own) => sum + own, 0);
  return Object.fromEntries(
    Object.entries(cycles).flatMap(([what, own]) => (own > 0 ? [[what, own / all]] : [])),
  );
}
