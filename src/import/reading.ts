import type { Conventions, NirGraph } from '../nir/index.ts';
import { type AskedInput, decideInput, type ExperimentData, type NamedSamples } from './decide-input.ts';
import { type Finding, findReadings } from './find-readings.ts';
import type { InputData } from './input-data.ts';
import type { InputNumbers } from './input-numbers.ts';
import { networkOf } from './map/network.ts';
import { type Decision, type GivenRules, rulesOf } from './rules.ts';

/** A graph with its samples, and all that was decided before it is put anywhere. */
export interface GraphReading {
  readonly graph: NirGraph;
  readonly stated: GivenRules;
  readonly rules: Conventions;
  readonly findings: readonly Finding[];
  readonly input: InputNumbers;
  /** Samples that decide on the scales, those that are checked, and all of both. */
  readonly calibration: InputData | undefined;
  readonly checked: InputData | undefined;
  readonly data: readonly InputData[];
  readonly decisions: readonly Decision[];
}

/** A graph that was read, with what is chosen of its program. */
export interface Reading extends GraphReading {
  /** The name of the program. */
  readonly name: string;
  /** The most steps of a sample. */
  readonly steps: number;
  /** The output node with the answer; by default the graph's first. */
  readonly output?: string | undefined;
}

/** The part of a reading that decides on a network. */
export interface GivenGraph
  extends Pick<Reading, 'graph' | 'rules' | 'input' | 'name' | 'steps' | 'output'>,
    Partial<Pick<Reading, 'calibration' | 'checked'>> {
  /** The name of the graph's file. */
  readonly file: string;
}

/** Samples that a user names. */
interface GivenSamples {
  readonly toCheck: NamedSamples | undefined;
  readonly toCalibrate: NamedSamples | undefined;
}

/**
 * Reads the neurons of a graph, and the samples that it is given.
 *
 * @param steps steps of samples that have none of their own
 * @returns also the data of an experiment, undefined if none are named; `learns`: with samples to learn from
 * @throws PlasticoreError `data` or `usage` where samples or choices do not fit the graph
 */
export function readGraph(
  graph: NirGraph,
  stated: GivenRules,
  { toCheck, toCalibrate }: GivenSamples,
  asked: AskedInput,
  steps: number,
): GraphReading & { experimentData(learns: boolean): ExperimentData | undefined } {
  const { rules: assumed, decisions } = rulesOf(stated, graph);
  const given = [toCheck, toCalibrate].filter((samples) => samples !== undefined);
  const [first] = given;
  const input = decideInput(given, networkOf(graph, assumed).input, asked);
  const read = (samples: NamedSamples | undefined) => samples && input.read(samples, asked.steps ?? steps);
  const [calibration, checked] = [read(toCalibrate), read(toCheck)];
  const found = findReadings(graph, assumed, stated, toCheck, checked);
  const { encoder } = asked;
  return {
    graph,
    stated,
    rules: found.rules,
    findings: found.findings,
    input: input.numbers,
    calibration,
    checked,
    data: [checked, calibration].filter((samples) => samples !== undefined),
    decisions: [...decisions, ...found.decisions, ...input.decisions],
    experimentData: (learns) =>
      first === undefined
        ? encoder && { are: 'samples', path: undefined, encoder }
        : input.experimentData(first, learns ? toCalibrate : undefined),
  };
}
