import { frontOf } from '../front.ts';
import type { StudyDesign, StudyReport } from '../schema-study.ts';
import { figuresOfRun, meanFigures, valueInWords } from '../studied.ts';
import { type DesignPoint, type DesignSpace, designFigures, readableUnits, tellingKeys } from './designs.ts';
import { anyReport, type DesignRuns, identityOf, type PageSubject } from './study.ts';

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
      const { precision, values, parts, n } = design;
      const { name, status, reason, onFront, frontShare, standing, constraintShare, settings } = design;
      const choices = axes.map(({ path }) => (path === 'precision' ? precision : values[path]));
      return {
        ...{ name, status, reason, onFront, frontShare, standing, constraintShare, settings },
        figures: design.figures,
        seeds: n,
        standardErrors: errorsOf(design),
        choices: choices.map((value) => (value === undefined ? undefined : valueInWords(value))),
        energyPj: parts?.energyPj.byUnit ?? {},
        trainingEnergyPj: parts?.trainingEnergyPj.byUnit ?? {},
        areaUm2: readableUnits(parts?.areaUm2.byUnit ?? {}),
        bound: parts?.bound ?? {},
        trainingBound: parts?.trainingBound ?? {},
      };
    }),
    draws,
  };
}

/** Standard errors of the means, without those of figures that all seeds share. */
function errorsOf({ spreads, accuracyError }: StudyDesign): DesignPoint['standardErrors'] {
  const found = Object.entries(spreads ?? {}).flatMap(([figure, { standardError }]): [string, number][] =>
    standardError === null || standardError === 0 ? [] : [[figure, standardError]],
  );
  return { ...Object.fromEntries(found), ...(accuracyError !== null && { accuracy: accuracyError }) };
}

/** The usual objectives if no search states any: a design that another betters in all three is not on the front. */
const usual: readonly string[] = ['accuracy', 'energyPj', 'areaUm2'];

/** Runs as the result of a study. Its axes are the precision and all settings in which designs differ. */
export function studyOfRuns({ title, designs }: PageSubject): StudyReport {
  const identities = designs.map((design) => choicesOf(design));
  const known = identities.flatMap((choices) => [...choices.keys()]);
  const paths = tellingKeys(known, identities, (choices, path) => choices.get(path));
  const means = designs.map(({ runs }) =>
    meanFigures(runs.map(({ report }) => figuresOfRun(report, report.test))),
  );
  const objectives = designFigures.flatMap(({ key, title: name, csv: unit, better }) =>
    usual.includes(key) && means.some((design) => design.figures[key] !== null)
      ? [{ name, figure: key, unit, better }]
      : [],
  );
  const costs = means.map((design) => {
    const all = objectives.map(({ figure, better }) => {
      const value = design.figures[figure];
      return value === null || better === 'less' ? value : -value;
    });
    return all.includes(null) ? undefined : all.flatMap((cost) => cost ?? []);
  });
  const front = new Set(frontOf(costs));
  return {
    schema: 'plasticore/study/1',
    experiment: title,
    scoredOn: designs.some((design) => anyReport(design).scoredOn === 'validation') ? 'validation' : 'test',
    axes: paths.map((path) => ({
      path,
      name: shortPath(path, paths),
      values: [...new Set(identities.flatMap((choices) => choices.get(path) ?? []))],
    })),
    objectives,
    constraints: [],
    search: { name: 'grid', seed: 1, designs: null },
    seeds: [...new Set(designs.flatMap(({ runs }) => runs.map(({ report }) => report.provenance.seed)))],
    runs: designs.reduce((sum, { runs }) => sum + runs.length, 0),
    intervals: {},
    designs: designs.flatMap((design, index): StudyDesign[] => {
      const mean = means[index];
      if (mean === undefined) return [];
      const { scoredSamples: _, ...figuresOfAll } = mean;
      const { provenance } = anyReport(design);
      return [
        {
          name: design.label,
          precision: provenance.precision,
          values: Object.fromEntries(identities[index] ?? []),
          settings: provenance.settings,
          status: 'done',
          reason: null,
          run: null,
          ...figuresOfAll,
          accuracyError: null,
          onFront: front.has(index),
          frontShare: null,
          standing: null,
          constraintShare: null,
        },
      ];
    }),
    front: designs.flatMap(({ label }, index) => (front.has(index) ? [label] : [])),
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
