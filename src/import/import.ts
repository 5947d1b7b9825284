import type { Conventions, NirGraph } from '../nir/index.ts';
import { PlasticoreError, suggest } from '../text/index.ts';
import { inStep, type Network, networkOf, pipelined, type Stage } from './map/index.ts';
import { type DescribedProgram, describeProgram } from './program/index.ts';
import { activityOf, type IntegerNetwork, quantise, type Widths } from './quantise/index.ts';
import type { SpikeData } from './spike-data.ts';

/** What to make of a graph. */
export interface ImportOptions {
  /** Name of the program. */
  readonly name: string;
  /** Name of the file that the graph is from. */
  readonly file?: string | undefined;
  readonly rules: Conventions;
  readonly widths: Widths;
  /** The most steps of a sample. */
  readonly steps: number | ((input: Stage) => number);
  /** When spikes arrive on the chip: in the step that emits them, or in the next one. */
  readonly delivery?: 'same' | 'next';
  /** Samples whose ranges decide on the scales; without them, the worst case does. */
  readonly calibration?: ((input: Stage) => SpikeData) | undefined;
  /** The most spikes of an input in a step; those of the calibration if absent, or 1. */
  readonly mostInput?: ((input: Stage) => number) | undefined;
  /** The output node that answers; the graph's first if absent. */
  readonly output?: string | undefined;
}

/** A graph of NIR made into a program. */
export interface Imported extends DescribedProgram {
  readonly graph: NirGraph;
  readonly rules: Conventions;
  readonly integers: IntegerNetwork;
  /** The stage that answers, and the output node whose answer it is. */
  readonly readout: Stage;
  readonly output: string;
  /** How many samples decided on the scales. */
  readonly calibrated: number;
}

/**
 * Makes a program of a graph of NIR: its neurons become populations, all that is linear between them projections, in integers.
 *
 * @throws PlasticoreError `data`, with the node, for what a core cannot do
 */
export function importNir(graph: NirGraph, options: ImportOptions): Imported {
  const { name, rules, widths } = options;
  const divided = networkOf(graph, rules);
  const network = options.delivery === 'next' ? pipelined(divided) : inStep(divided);
  const data = options.calibration?.(network.input);
  const steps = typeof options.steps === 'number' ? options.steps : options.steps(network.input);
  const activity = data && activityOf(graph, rules, network, data);
  const mostInput = Math.max(1, data?.most ?? 1, options.mostInput?.(network.input) ?? 1);
  const integers = quantise(network, widths, activity, mostInput, steps);
  const [output, readout] = answering(network, options.output);
  const description = `Imported from ${options.file ?? `${name}.nir`}: ${network.stages.map((stage) => `${stage.node} (${stage.type}, ${stage.size})`).join(', ')}.`;
  return {
    ...describeProgram(name, description, integers, readout, steps),
    graph,
    rules,
    integers,
    readout,
    output,
    calibrated: data?.samples ?? 0,
  };
}

/** The output that answers: its node, and the stage whose answer it is. */
function answering({ outputs }: Network, wanted: string | undefined): readonly [string, Stage] {
  const found = [...outputs].find(([node]) => wanted === undefined || node === wanted);
  if (found !== undefined) return found;
  throw new PlasticoreError('usage', `the graph has no output '${wanted}'`, {
    hint: suggest(wanted ?? '', [...outputs.keys()]),
  });
}
