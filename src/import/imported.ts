import type { NdArray } from '../data/index.ts';
import type { EngineName } from '../engine/index.ts';
import type { Image } from '../image/index.ts';
import { type Conventions, type NirGraph, stepNotes } from '../nir/index.ts';
import { type Override, option, PlasticoreError, suggest } from '../text/index.ts';
import type { NetworkView, RunningNetwork } from './check/running.ts';
import type { Entry, InputNumbers } from './input-numbers.ts';
import { networkOf } from './map/network.ts';
import type { Link, Network, NirStage, WeightsWay } from './map/stages.ts';
import { inStep, pipelined } from './map/timing.ts';
import type { DescribedProgram } from './program/layout.ts';
import type { MemoryWidths } from './quantise/scales.ts';
import type { GivenGraph } from './reading.ts';

/** A graph of NIR on a target: its program, and what files, a record and a comparison need of it. */
export type Imported = ImportedProgram | ImportedMemories;

interface Placed {
  readonly name: string;
  readonly graph: NirGraph;
  readonly rules: Conventions;
  readonly network: Network;
  readonly entry: Entry;
  /** The stage with the answer, and its output node. */
  readonly readout: NirStage;
  readonly output: string;
  /** The most steps of a sample. */
  readonly steps: number;
  /** The arrays that its program names. */
  readonly arrays: Readonly<Record<string, NdArray>>;
  /** The widths that were chosen for it; undefined where neurons and memories of a chip are what they are. */
  readonly widths?: MemoryWidths | undefined;
  /** Whether layers of it go on learning. */
  readonly learns: boolean;
  /** Corrections of the graph, losses, and surprises. */
  readonly notes: readonly string[];
  /** What is particular to the target in `import.json`. */
  record(): TargetRecord;
}

/** A network with a program of its own. */
export interface ImportedProgram extends Placed, NetworkView, DescribedProgram {
  readonly bundled?: undefined;
}

/** A network in the memories of a chip, whose program is bundled. */
export interface ImportedMemories extends Placed {
  readonly description?: undefined;
  readonly bundled: {
    readonly chip: string;
    readonly program: string;
    /** Other values of it: steps, parameters, initial contents of memories. */
    readonly overrides: readonly Override[];
    /** The section of the chip in the experiment. */
    readonly section: object;
    running(image: Image, engine: EngineName): RunningNetwork;
  };
}

/** The part of `import.json` that depends on the target. */
export interface TargetRecord {
  /** How scales were chosen, by the key under which it is told. */
  readonly scales?: object;
  /** The field or the population that answers. */
  readonly readout: string;
  /** Keys of each population, beside those that all targets have. */
  readonly populations: readonly (readonly [NirStage, object])[];
  readonly projections: readonly object[];
}

/** The ends of a projection in a record. */
export function endsOf({ from, to, nodes }: Link): object {
  return { from: from.name, to: to.name, nodes };
}

/** What all imports of a graph have: populations and projections, timed for a target, and the stage that answers. */
export function placedFor(
  { graph, rules, input, name, steps, output: wanted }: Omit<GivenGraph, 'file'>,
  delivery: 'same' | 'next',
  way?: WeightsWay,
): Omit<Placed, 'arrays' | 'record'> {
  const divided = networkOf(graph, rules, input, way);
  const network = delivery === 'next' ? pipelined(divided) : inStep(divided);
  const found = [...network.outputs].find(([node]) => wanted === undefined || node === wanted);
  if (found === undefined)
    throw new PlasticoreError('usage', `the graph has no output '${wanted}'`, {
      hint: suggest(wanted ?? '', [...network.outputs.keys()]),
    });
  const [output, readout] = found;
  const notes = [...graph.notes, ...stepNotes(graph, rules)];
  return { name, graph, rules, network, entry: 'each step', readout, output, steps, learns: false, notes };
}

/** Refuses values where a chip's inputs are spikes. */
export function refuseValues({ are }: InputNumbers, chip: string): void {
  if (are === 'spikes') return;
  throw new PlasticoreError(
    'fit',
    `values come in (${option('input', are)}), and inputs of ${chip} are spikes`,
  );
}
