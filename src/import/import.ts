import type { Conventions, NirGraph } from '../nir/index.ts';
import { PlasticoreError, suggest } from '../text/index.ts';
import type { InputData } from './input-data.ts';
import { type InputNumbers, inputSpikes, mostValue } from './input-numbers.ts';
import { type Gains, inStep, type Network, type NirStage, networkOf, pipelined } from './map/index.ts';
import { type DescribedProgram, describeProgram, type Learning, withLearning } from './program/index.ts';
import { activityOf, type Entry, type IntegerNetwork, quantise, type Widths } from './quantise/index.ts';

/** How to import a graph. */
export interface ImportOptions {
  /** Name of the program. */
  readonly name: string;
  /** Name of the graph's file. */
  readonly file?: string | undefined;
  readonly rules: Conventions;
  readonly widths: Widths;
  /** The most steps of a sample. */
  readonly steps: number | ((input: NirStage) => number);
  /** When spikes arrive on the chip: in the same step, or in the next one. */
  readonly delivery?: 'same' | 'next';
  /** The kind of input; by default, spikes. */
  readonly input?: InputNumbers | undefined;
  /** Where gains go that differ within a convolution; by default, into its weights. */
  readonly gains?: Gains | undefined;
  /** Set if weights are integers of the weights' bits times a scale, and are taken as they are. */
  readonly areIntegers?: boolean | undefined;
  /** When values of a constant input come; by default, in each step. */
  readonly entry?: Entry | undefined;
  /** Samples whose ranges set the scales; by default, the worst case sets them. */
  readonly calibration?: ((input: NirStage) => InputData) | undefined;
  /** Called after each sample of the calibration, with how many are done. */
  readonly onCalibrated?: ((done: number) => void) | undefined;
  /** The most spikes of an input in a step; by default those of the calibration, or 1. */
  readonly mostInput?: ((input: NirStage) => number) | undefined;
  /** Layers that go on learning; by default, none. */
  readonly learning?: Learning | undefined;
  /** The output node with the answer; by default the graph's first. */
  readonly output?: string | undefined;
}

/** A graph of NIR as a program. */
export interface ImportedNetwork extends DescribedProgram {
  readonly graph: NirGraph;
  readonly rules: Conventions;
  readonly integers: IntegerNetwork;
  /** The stage with the answer, and its output node. */
  readonly readout: NirStage;
  readonly output: string;
  /** Whether layers of it go on learning. */
  readonly learns: boolean;
  /** Number of samples used for calibration. */
  readonly calibrated: number;
}

/**
 * Turns a graph of NIR into a program in integers: neurons become populations, and all linear nodes between them
 * projections.
 *
 * @throws PlasticoreError `data`, with the node, if a core cannot run it
 */
export function importNir(graph: NirGraph, options: ImportOptions): ImportedNetwork {
  const { name, rules, widths, input = inputSpikes, entry = 'each step' } = options;
  const divided = networkOf(graph, rules, input, {
    gains: options.gains ?? 'weights',
    integerBits: options.areIntegers === true ? widths.weightBits : undefined,
  });
  const network = options.delivery === 'next' ? pipelined(divided) : inStep(divided);
  const data = options.calibration?.(network.input);
  const steps = typeof options.steps === 'number' ? options.steps : options.steps(network.input);
  const activity = data && activityOf(graph, rules, network, data, options.onCalibrated);
  const mostInput =
    input.are === 'spikes'
      ? Math.max(1, data?.most ?? 1, options.mostInput?.(network.input) ?? 1)
      : mostValue;
  const integers = quantise(network, widths, activity, mostInput, steps, entry);
  const [output, readout] = answering(network, options.output);
  const description = `Imported from ${options.file ?? `${name}.nir`}: ${network.stages.map((stage) => `${stage.node} (${stage.type}, ${stage.size})`).join(', ')}.`;
  const described = describeProgram(name, description, integers, readout, steps);
  return {
    ...(options.learning === undefined
      ? described
      : withLearning(described, integers, readout, options.learning, activity)),
    learns: options.learning !== undefined,
    graph,
    rules,
    integers,
    readout,
    output,
    calibrated: data?.samples ?? 0,
  };
}

/** The output node with the answer, and its stage. */
export function answering({ outputs }: Network, wanted: string | undefined): readonly [string, NirStage] {
  const found = [...outputs].find(([node]) => wanted === undefined || node === wanted);
  if (found !== undefined) return found;
  throw new PlasticoreError('usage', `the graph has no output '${wanted}'`, {
    hint: suggest(wanted ?? '', [...outputs.keys()]),
  });
}
