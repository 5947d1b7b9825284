import { compile } from '../compiler/index.ts';
import type { SpikeTrain } from '../data/index.ts';
import { type EngineName, presented } from '../engine/index.ts';
import type { HwModel } from '../hardware/index.ts';
import { type Image, price } from '../image/index.ts';
import { createMachine } from '../machine/index.ts';
import { loadProgram, programFiles } from '../program/index.ts';
import {
  type Drift,
  driftJson,
  energy,
  grouped,
  knownEnergyPj,
  memoryOf,
  readDrift,
} from '../report/index.ts';
import { type Find, PlasticoreError } from '../text/index.ts';
import { compare } from './check/check.ts';
import { runningOn } from './check/running.ts';
import { filesOf, type ImportContext, importFiles } from './files.ts';
import type { Imported } from './imported.ts';
import { fullTrain, type InputData, trainOf } from './input-data.ts';
import { checkGraph } from './layout.ts';
import type { ObservedRun } from './observed.ts';
import type { GivenGraph, Reading } from './reading.ts';
import type { Decision } from './rules.ts';

/** Where a network goes: a core that runs microcode of its own, the neurons of Xylo, or those of another chip. */
export interface Target {
  readonly hw: HwModel;
  readonly precision: string;
  /** When spikes between layers arrive: in the step that emits them, or in the next one. */
  readonly delivery: 'same' | 'next';
  /** All ways to put a graph there. */
  ways(given: GivenGraph): readonly Way<Imported>[];
}

/** An import before anything of it is written. */
export interface MadeImport {
  readonly imported: Imported;
  readonly image: Image;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** What was chosen among several ways. */
  readonly decisions: readonly Decision[];
}

/**
 * Puts a graph on a target, in the cheapest way.
 *
 * @param find finds the rules that its program names
 * @throws PlasticoreError `data` or `fit` for what the target cannot do
 */
export function importTo(
  target: Target,
  reading: Reading,
  { source, hw, data }: Pick<ImportContext, 'source' | 'hw' | 'data'>,
  find: Find,
): MadeImport {
  const { precision, delivery } = target;
  const given: GivenGraph = { ...reading, file: source.name };
  checkGraph(given, target.hw);
  const arrival = {
    what: 'when spikes arrive on the chip',
    value: `in the ${delivery} step`,
    why: `hw-model ${target.hw.name}`,
  };
  const context = { source, hw, precision, data, decisions: [...reading.decisions, arrival] };
  const ways = target.ways(given).map(({ choices, make }) => ({
    choices,
    make() {
      const imported = make();
      const files = filesOf(imported, context);
      return { imported, image: compiledFrom(imported, files, source.name, target, find) };
    },
  }));
  const { imported, image, decisions } = cheapest(ways, reading.data[0], reading.steps);
  const all = [...context.decisions, ...decisions];
  return { imported, image, decisions, files: filesOf(imported, { ...context, decisions: all }) };
}

/** Compiles a program that was just made. Its file may not be there, so that a fault quotes it. */
function compiledFrom(
  imported: Imported,
  files: MadeImport['files'],
  source: string,
  { hw, precision }: Target,
  find: Find,
): Image {
  try {
    return compile(programOf(imported, files, find), hw, { precision, seed: 1 });
  } catch (error) {
    if (!(error instanceof PlasticoreError) || error.file?.startsWith(importFiles.program) !== true)
      throw error;
    const microcode = imported.description?.microcode.neurons;
    const text =
      error.file === importFiles.program || typeof microcode !== 'object'
        ? String(files.get(importFiles.program))
        : microcode.text;
    const line = text.split('\n')[(error.line ?? 0) - 1];
    const made = `in the program made from ${source}${line === undefined ? '' : `, '${line.trim()}'`}`;
    throw new PlasticoreError(error.code, `${made}: ${error.parts.message}`, { hint: error.hint });
  }
}

/** The program as it stands in its files. */
function programOf({ name, bundled }: Imported, files: MadeImport['files'], find: Find) {
  const weights = files.get(importFiles.weights);
  const text = () => ({ text: String(files.get(importFiles.program)), file: importFiles.program });
  return loadProgram(
    bundled === undefined ? text() : find('program', bundled.program, ''),
    {
      ...programFiles(find),
      arrays: (file) => {
        if (weights instanceof Uint8Array) return { file, bytes: weights };
        throw new Error(`${name} has no ${file}`);
      },
    },
    bundled?.overrides,
  );
}

/**
 * The network in floats beside the same in integers, on the samples to check; undefined if there are none.
 *
 * @param onSample called after each sample, with how many are done
 * @param observed keeps what the network in integers gives
 */
export function driftOf(
  { imported, image }: MadeImport,
  { checked, calibration }: Reading,
  engine: EngineName,
  onSample?: (done: number) => void,
  observed?: ObservedRun,
): Drift | undefined {
  if (checked === undefined) return undefined;
  const unseen =
    imported.bundled === undefined
      ? runningOn(createMachine(image, { engine }), imported)
      : imported.bundled.running(image, engine);
  const running = observed?.watched(unseen) ?? unseen;
  return readDrift(
    driftJson(compare({ ...imported, running, calibration }, checked, onSample)),
    checked.name,
  );
}

/** One of several ways to put a network on a target. */
export interface Way<Made> {
  /** The subject of the choice, and the choice, in words. */
  readonly choices: readonly { readonly what: string; readonly value: string }[];
  /** @throws PlasticoreError `fit` if the target has no room for it */
  make(): Made;
}

/** A network with its image. */
export interface MadeNetwork {
  readonly imported: Imported;
  readonly image: Image;
}

/**
 * Makes the cheapest of several ways: the one whose energy for a sample, times its bits of memory, is least; of a core
 * whose energies nobody knows, the one with the fewest bits.
 *
 * @param data its first sample is run; without any, one of inputs that are at their most in each step
 * @throws PlasticoreError of the last way if a core takes none of them
 */
export function cheapest(
  ways: readonly Way<MadeNetwork>[],
  data: InputData | undefined,
  steps: number,
): MadeNetwork & { readonly decisions: readonly Decision[] } {
  const [only] = ways;
  if (only !== undefined && ways.length === 1) return { ...only.make(), decisions: [] };
  const sample = (imported: Imported) =>
    data === undefined ? fullTrain(imported, steps) : trainOf(imported, data, 0);
  const sampleName =
    data === undefined ? 'a sample of inputs at their most' : `the first sample of ${data.name}`;
  const tried = ways.map((way) => ({ ...way, ...tryOut(way, sample) }));
  const made = tried.flatMap((way) => ('cost' in way ? [way] : []));
  const best = made.reduce<(typeof made)[number] | undefined>(
    (least, way) => (least === undefined || productOf(way.cost) < productOf(least.cost) ? way : least),
    undefined,
  );
  if (best === undefined) throw tried.flatMap((way) => ('error' in way ? [way.error] : [])).at(-1);
  const decisions = best.choices.flatMap(({ what, value }, place): Decision[] => {
    // The other ways that differ in this choice alone.
    const others = tried.flatMap((way) => {
      const other = way.choices[place]?.value;
      const isAlike = way.choices.every(
        (choice, at) => at === place || choice.value === best.choices[at]?.value,
      );
      if (other === undefined || other === value || !isAlike) return [];
      return [`${other}: ${'cost' in way ? costText(way.cost) : 'does not fit'}`];
    });
    if (others.length === 0) return [];
    return [{ what, value, why: `${costText(best.cost)} for ${sampleName}; ${others.join('; ')}` }];
  });
  return { imported: best.imported, image: best.image, decisions };
}

/** The price of a way. */
interface Cost {
  /** Null where nobody knows it. */
  readonly energyPj: number | null;
  readonly bits: number;
}

function productOf({ energyPj, bits }: Cost): number {
  return (energyPj ?? 1) * bits;
}

function costText({ energyPj, bits }: Cost): string {
  return energyPj === null ? `${grouped(bits)} bits` : `${energy(energyPj)} and ${grouped(bits)} bits`;
}

function tryOut(way: Way<MadeNetwork>, sample: (imported: Imported) => SpikeTrain) {
  try {
    const made = way.make();
    return { ...made, cost: costOf(made.image, sample(made.imported)) };
  } catch (error) {
    if (error instanceof PlasticoreError && error.code === 'fit') return { error };
    throw error;
  }
}

/** The energy of a sample on a core, and the memory that inference takes. */
function costOf(image: Image, given: SpikeTrain): Cost {
  const machine = createMachine(image);
  const spikes = presented(image, given);
  machine.begin({ label: 0, learn: false, steps: spikes.steps, spikes });
  for (let step = 0; step < spikes.steps; step++) machine.step();
  return {
    energyPj: knownEnergyPj(price(machine.counters(), image.costs), image.costs),
    bits: memoryOf(image).inferenceBits,
  };
}
