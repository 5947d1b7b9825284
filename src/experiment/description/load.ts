import {
  type Override,
  type Path,
  type Place,
  PlasticoreError,
  parseYaml,
  type SourceText,
  suggest,
} from '../../text/index.ts';
import { type ExperimentSpec, experimentSchema } from './schema.ts';

/** An experiment, checked as far as it can be without its program and hw-model. */
export interface Experiment {
  readonly spec: ExperimentSpec;
  readonly source: SourceText;
  /** What replaced parts of it. */
  readonly overrides: readonly Override[];
  locate(path: Path): Place;
}

/**
 * Reads an experiment.
 *
 * @param overrides replace parts of it before it is checked
 * @throws PlasticoreError with the place of the first fault
 */
export function loadExperiment(source: SourceText, overrides: readonly Override[] = []): Experiment {
  const { value: spec, locate } = parseYaml(source.text, source.file, experimentSchema, overrides);
  const member = <T extends string | number>(value: T, values: readonly T[], what: string, path: Path) => {
    if (values.includes(value)) return;
    throw new PlasticoreError('invalid-value', `'${value}' is not among the experiment's ${what}`, {
      ...locate(path),
      hint: suggest(String(value), values.map(String)),
    });
  };
  const distinct = (values: readonly (string | number)[], key: string) => {
    const again = values.findIndex((value, index) => values.indexOf(value) < index);
    if (again < 0) return;
    throw new PlasticoreError('invalid-value', `'${values[again]}' is listed twice`, locate([key, again]));
  };
  distinct(spec.precisions, 'precisions');
  distinct(spec.seeds, 'seeds');
  for (const name of Object.keys(spec.precisionParameters)) {
    member(name, spec.precisions, 'precisions', ['precisionParameters', name]);
  }
  const exclude = (first: keyof ExperimentSpec, second: keyof ExperimentSpec, why: string) => {
    if (spec[first] === undefined || spec[second] === undefined) return;
    throw new PlasticoreError('invalid-value', `'${first}' and '${second}' exclude each other: ${why}`, {
      ...locate([second]),
      hint: 'leave one of them out',
    });
  };
  exclude('data', 'task', 'the samples of a task are generated');
  exclude('task', 'split', 'a task has its own training and test set, and no speakers');
  exclude('odin', 'reckon', 'one host runs one chip');
  member(spec.default.precision, spec.precisions, 'precisions', ['default', 'precision']);
  member(spec.default.seed, spec.seeds, 'seeds', ['default', 'seed']);
  return { spec, source, overrides, locate };
}
