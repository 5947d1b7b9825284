import type { StudyDesign, StudyReport } from '../schema-study.ts';
import { figuresOfRun, meanFigures, valueInWords } from '../studied.ts';
import { type DesignPoint, type DesignSpace, designFigures, frontAmong, readableUnits } from './designs.ts';
import { anyReport, type PageSubject, precisionAxis } from './study.ts';

/** The designs of a study as points of a space. */
export function designSpaceOf({
  experiment,
  scoredOn,
  axes,
  objectives,
  designs,
  draws,
}: StudyReport): DesignSpace {
  return {
    experiment,
    scoredOn,
    axes: axes.map(({ name, values }) => ({ name, values: values.map(valueInWords) })),
    objectives: objectives.map(({ name }) => name),
    wanted: objectives.map(({ figure }) => figure),
    points: designs.map((design): DesignPoint => {
      const { precision, values } = design;
      const { name, status, reason, onFront, frontShare, standing, constraintShare, settings } = design;
      const choices = axes.map(({ path }) => (path === 'precision' ? precision : values[path]));
      return {
        ...{ name, status, reason, onFront, frontShare, standing, constraintShare, settings },
        choices: choices.map((value) => (value === undefined ? undefined : valueInWords(value))),
        ...figuresIn(design),
      };
    }),
    draws,
  };
}

/** The figures of a design and their parts. Figures that all seeds share have no standard error. */
function figuresIn({
  n,
  figures,
  spreads,
  accuracyError,
  parts,
}: Pick<StudyDesign, 'n' | 'figures' | 'spreads' | 'accuracyError' | 'parts'>) {
  const errors = Object.entries(spreads ?? {}).flatMap(([figure, { standardError }]): [string, number][] =>
    standardError === null || standardError === 0 ? [] : [[figure, standardError]],
  );
  return {
    figures,
    seeds: n,
    standardErrors: {
      ...Object.fromEntries(errors),
      ...(accuracyError !== null && { accuracy: accuracyError }),
    },
    energyPj: parts?.energyPj.byUnit ?? {},
    trainingEnergyPj: parts?.trainingEnergyPj.byUnit ?? {},
    areaUm2: readableUnits(parts?.areaUm2.byUnit ?? {}),
    bound: parts?.bound ?? {},
    trainingBound: parts?.trainingBound ?? {},
  };
}

/** The usual objectives if no search states any: a design that another betters in all three is not on the front. */
const usual: readonly string[] = ['accuracy', 'energyPj', 'areaUm2'];

/** The designs of runs as points of a space. */
export function spaceOfRuns({ title, axes, designs }: PageSubject): DesignSpace {
  const points = designs.map((design): DesignPoint => {
    const { label, choices, runs } = design;
    const means = meanFigures(runs.map(({ report }) => figuresOfRun(report, report.test)));
    const { settings } = anyReport(design).provenance;
    return {
      ...{ name: label, choices, settings, status: 'done', reason: null },
      ...figuresIn({ ...means, accuracyError: null }),
      ...{ onFront: false, frontShare: null, standing: null, constraintShare: null },
    };
  });
  const wanted = designFigures.filter(
    (figure) => usual.includes(figure.key) && points.some((point) => figure.of(point) !== null),
  );
  const front = new Set(frontAmong(points, wanted));
  return {
    experiment: title,
    scoredOn: designs.some((design) => anyReport(design).scoredOn === 'validation') ? 'validation' : 'test',
    axes,
    leading: precisionAxis,
    objectives: wanted.map(({ title: name }) => name),
    wanted: wanted.map(({ key }) => key),
    points: points.map((point, at) => ({ ...point, onFront: front.has(at) })),
    draws: 0,
  };
}
