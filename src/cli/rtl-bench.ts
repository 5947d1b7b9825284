import { join } from 'node:path';
import { readText, statIfThere, writeTogether } from '../fs/index.ts';
import { describeDivergence, describeExercised } from '../golden/index.ts';
import type { HwModel } from '../hardware/index.ts';
import { type Image, isSpread, type PlacedCore } from '../image/index.ts';
import { microcodeUnitOf } from '../microcode/index.ts';
import { loadedStimulus, netlistSources, readObserved, type SourceFile } from '../rtl/index.ts';
import { type Simulator, simulate, type Watch } from '../rtl/node.ts';
import { PlasticoreError } from '../text/index.ts';
import {
  asksForState,
  type CoreTrace,
  coverageOf,
  firstDivergence,
  formatTrace,
  observedOutcome,
  placedFiles,
  presentedFiles,
} from '../trace/index.ts';

/** The samples of a trace as the bench of a core reads them, what it will observe, and the trace. */
export function stimulusOf(
  trace: CoreTrace,
  image: Image,
  { image: core, number }: PlacedCore,
  engine: string,
): SourceFile[] {
  const presented = isSpread(image)
    ? placedFiles(trace, image, number, engine)
    : presentedFiles(trace, core, engine);
  return [...presented, ['trace.json', formatTrace(trace)]];
}

/** The same for the programmable core of an hw-model, which is loaded with the program first. */
export function programmedStimulus(
  trace: CoreTrace,
  { image }: PlacedCore,
  hw: HwModel,
  engine: string,
): SourceFile[] {
  const unit = microcodeUnitOf(hw);
  const presented = presentedFiles(trace, image, engine, (core, samples, states) =>
    loadedStimulus(core, samples, states, unit),
  );
  return [...presented, ['trace.json', formatTrace(trace)]];
}

/**
 * Runs the bench and compares; in words, with what of the core the samples have run.
 *
 * @param isNetlist whether the netlist in the folder stands in for the text of the core, but for its memories
 * @param beside files that the simulator takes beside the bench
 */
export async function simulated(
  folder: string,
  sources: readonly SourceFile[],
  {
    cosim: simulator,
    isNetlist,
    engine,
    beside = [],
    ...watch
  }: Watch & {
    readonly cosim: Simulator;
    readonly isNetlist: boolean;
    readonly engine: string;
    readonly beside?: readonly string[];
  },
  trace: CoreTrace,
  { image, written }: { readonly image: Image; readonly written: PlacedCore },
): Promise<string> {
  const texts = sources.map(([name]) => name).filter((name) => name.endsWith('.sv'));
  const core = isNetlist ? besideNetlist(folder, texts) : texts;
  const observing = join(folder, 'observed.txt');
  const expected = readText(join(folder, 'expected.txt'), 'it was written with the core');
  await simulate(folder, [...core, 'bench.sv', ...beside], {
    ...watch,
    simulator,
    kind: isNetlist ? 'netlist' : 'systemverilog',
    simulated: () => samplesWithin(expected, statIfThere(observing)?.size ?? 0),
  });
  const found = readText(observing, 'the bench writes it');
  const observed = readObserved(found, written.image);
  const divergence = isSpread(image) ? undefined : compared(folder, observed, trace, written);
  if (expected === found) {
    const cycles = observed.flatMap((sample) => sample.cycles).reduce((sum, count) => sum + count, 0);
    const words = found.split('\n').filter((text) => text.startsWith('word')).length;
    const verdict = `${folder}: ${isNetlist ? 'its netlist is ' : ''}identical under ${simulator}: ${trace.samples.length} samples, ${cycles} cycles, ${words} words of banks and all generators`;
    // The samples of one core among several are those of the whole chip.
    if (isSpread(image)) return verdict;
    const covered = coverageOf(trace, image, engine, asksForState);
    return [verdict, ...describeExercised(covered).map((line) => `  ${line}`)].join('\n');
  }
  throw new PlasticoreError(
    'run',
    `${folder}: diverges under ${simulator}\n${divergence ?? firstDifference(expected, found)}`,
  );
}

/** How many samples the first bytes of a text end, and how many there are. */
function samplesWithin(expected: string, bytes: number): { readonly done: number; readonly total: number } {
  const begins = [...expected.matchAll(/^sample$/gm)].map(({ index }) => index);
  return { done: Math.max(0, begins.filter((begin) => begin < bytes).length - 1), total: begins.length };
}

/** The netlist with the models of its cells, and the memories, which are not in it. */
function besideNetlist(folder: string, texts: readonly string[]): string[] {
  const [netlist, ...others] = netlistSources;
  const cells = readText(join(folder, netlist), 'yosys writes it');
  const isInNetlist = (name: string): boolean => cells.includes(`\nmodule ${name.replace(/\.sv$/, '')}(`);
  return [netlist, ...others, ...texts.filter((name) => !isInNetlist(name))];
}

/** Writes the trace that the core made, and says where it differs first. */
function compared(
  folder: string,
  observed: ReturnType<typeof readObserved>,
  trace: CoreTrace,
  { image }: PlacedCore,
): string | undefined {
  const outcome = observedOutcome(observed, trace, image);
  writeTogether(folder, [['observed.json', formatTrace({ ...trace, expected: outcome })]]);
  const divergence = firstDivergence(trace, outcome);
  return divergence && describeDivergence(divergence);
}

/** The first line that differs, by its sample and step. */
function firstDifference(expected: string, found: string): string {
  const [want = [], have = []] = [expected, found].map((text) => text.split('\n'));
  const line = want.findIndex((text, index) => text !== have[index]);
  const before = want.slice(0, line);
  const sample = before.filter((text) => text === 'sample').length - 1;
  const step = before.slice(before.lastIndexOf('sample')).filter((text) => text.startsWith('step')).length;
  return `sample ${sample}, step ${step}: expected '${want[line]}', found '${have[line]}'`;
}
