import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costBasis, pricesOn } from '../../src/compiler/index.ts';
import { ReferenceCore, runSample } from '../../src/engine/index.ts';
import type { HwModel } from '../../src/hardware/index.ts';
import type { CoreImage } from '../../src/image/index.ts';
import {
  type BenchSample,
  benchFiles,
  type CorePlan,
  coreFiles,
  expectedText,
  planCore,
  type SourceFile,
  spikesByStep,
  stimulusText,
} from '../../src/rtl/index.ts';
import { readTemplates } from '../../src/rtl/node.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import {
  imageOf,
  type RandomProgram,
  randomProgram,
  type Sample,
  trainOf,
} from '../engine/random/program.ts';
import { randomState } from '../engine/random/state.ts';
import { tamed } from './tame.ts';

/** What became of a random program in hardware. */
export type HardwareOutcome =
  | { readonly is: 'equal'; readonly cycles: number; readonly spikes: number; readonly suspensions: number }
  /** It computes with floats, a controller runs it, or it is too long; or no edit changes its text. */
  | { readonly is: 'skipped' }
  | { readonly is: 'refused'; readonly reason: string }
  | { readonly is: 'different'; readonly where: string };

/** How a random program is run in hardware. */
export interface HardwareOptions {
  /** Leaves out what is not written yet, and takes a core of few lanes: see {@link tamed}. */
  readonly tame?: boolean;
  /** Changes the text of the core, as a faulty generator would write it. */
  readonly edit?: (text: string) => string;
  /** Simulates the netlist that yosys makes of the core, in place of its text. */
  readonly netlist?: boolean;
  /** Checks the text of the core with Verilator, which must not warn of anything. */
  readonly lint?: boolean;
  /** A folder that is kept, with all files. */
  readonly folder?: string;
}

/** Icarus simulates some thousand cycles a second of these cores. */
const mostCycles = 2000;
const longestSeconds = 120;

/** Runs the random program of a seed in Icarus Verilog and on the reference engine. */
export function checkHardware(seed: number, options: HardwareOptions = {}): HardwareOutcome {
  const random = randomProgram(seed);
  if (random.hw.controller !== undefined || random.hw.arithmetic !== 'integer') return { is: 'skipped' };
  const program = options.tame === true ? tamed(random) : random;
  let image: CoreImage;
  try {
    const compiled = imageOf(program);
    image = { ...compiled, contents: [...randomState(compiled, seed).banks] };
  } catch (error) {
    if (error instanceof PlasticoreError && options.tame === true && error.code !== 'fit')
      return { is: 'skipped' };
    if (error instanceof PlasticoreError && error.code === 'fit')
      return { is: 'refused', reason: error.message };
    throw error;
  }
  return checkImage(image, program, options);
}

/** Runs an image in Icarus Verilog and on the reference engine, with the first samples that are short enough. */
export function checkImage(
  compiled: CoreImage,
  program: Pick<RandomProgram, 'hw' | 'samples'>,
  options: HardwareOptions = {},
): HardwareOutcome {
  const hw = withOwnFill(program.hw);
  const image = { ...compiled, costs: pricesOn(costBasis(compiled), hw) };
  let plan: CorePlan;
  try {
    plan = planCore(image, hw);
  } catch (error) {
    if (error instanceof PlasticoreError && error.code === 'fit')
      return { is: 'refused', reason: error.message };
    throw error;
  }
  const short = shortened(program, image);
  if (short === undefined) return { is: 'skipped' };
  const original = coreFiles(plan);
  const edited = original.map(([name, text]) => [name, options.edit?.(text) ?? text] as const);
  if (options.edit !== undefined && edited.every(([, text], index) => text === original[index]?.[1]))
    return { is: 'skipped' };
  const samples = short.samples.map(
    (sample): BenchSample => ({
      interval: image.epochs.findLastIndex((first) => first <= sample.epoch),
      learn: sample.learn,
      place: sample.place,
      label: sample.label,
      inputs: spikesByStep(trainOf(sample, image)),
    }),
  );
  const found = simulated(plan, edited, samples, options);
  if (found instanceof Error) return { is: 'different', where: found.message };
  if (found.at(-1) === 'fault') return { is: 'refused', reason: ': too many kernels wait for the FIFO' };
  return compare(image, samples, found);
}

/**
 * The first samples, steps and spikes of a program, as many as the simulator does in a second; undefined if too many
 * are left.
 */
function shortened<P extends Pick<RandomProgram, 'samples'>>(program: P, image: CoreImage): P | undefined {
  let { samples } = program;
  while (cyclesOf(samples, image) > mostCycles) {
    const [sample] = samples;
    if (sample === undefined) return undefined;
    const { spikes } = sample;
    const [step = []] = spikes;
    if (samples.length > 1) samples = samples.slice(0, -1);
    else if (spikes.length > 1) samples = [{ ...sample, spikes: spikes.slice(0, -1) }];
    else if (step.length > 0) samples = [{ ...sample, spikes: [step.slice(0, step.length >> 1)] }];
    else return undefined;
  }
  return { ...program, samples };
}

function cyclesOf(samples: readonly Sample[], image: CoreImage): number {
  const core = new ReferenceCore(image);
  for (const sample of samples) {
    if (core.busyCycles() > mostCycles) break;
    core.setEpoch(sample.epoch);
    runSample(core, trainOf(sample, image), sample);
  }
  return core.busyCycles();
}

/** The model with the fill that the pipeline of each kernel has: a fixed one may be too short for it. */
function withOwnFill({ overheads, ...hw }: HwModel): HwModel {
  const { fillCycles: _, ...others } = overheads;
  return { ...hw, overheads: others };
}

/** @returns what the bench wrote, or why it came to no end */
function simulated(
  plan: CorePlan,
  files: readonly SourceFile[],
  samples: readonly BenchSample[],
  { folder: kept, netlist = false, lint = false }: HardwareOptions,
): readonly string[] | Error {
  const { image } = plan;
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'plasticore-rtl-'));
  try {
    const all = [...files, ...benchFiles(plan, readTemplates())];
    for (const [name, text] of all) writeFileSync(join(folder, name), text);
    writeFileSync(
      join(folder, 'stimulus.txt'),
      stimulusText(image, samples, () => true),
    );
    const texts = all.flatMap(([name]) => (name.endsWith('.sv') ? [name] : []));
    const sources = netlist ? ['netlist.v', ...texts.filter(isOutside)] : texts;
    const core = texts.filter((name) => name !== 'bench.sv');
    for (const [tool = '', ...args] of [
      ...(lint ? [['verilator', '--lint-only', '-Wall', '--top-module', 'plasticore_core', ...core]] : []),
      ...(netlist ? [['yosys', '-q', '-p', netlistScript(texts)]] : []),
      ['iverilog', '-g2012', '-o', 'bench.vvp', ...sources],
      ['vvp', '-n', 'bench.vvp'],
    ]) {
      const { status, stderr, signal, error } = spawnSync(tool, args, {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: longestSeconds * 1000,
      });
      if (error !== undefined || status !== 0)
        return new Error(`${tool}: ${signal ?? ''} ${error?.message ?? stderr.slice(0, 400)}`);
    }
    return readFileSync(join(folder, 'observed.txt'), 'utf8').trim().split('\n');
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true });
  }
}

/** Whether a text is no part of the core's logic: the bench, or a bank, which may be exchanged for a macro. */
const isOutside = (name: string): boolean => name === 'bench.sv' || name.startsWith('bank_');

/** Gates and flip-flops, without a latch, an undriven or a doubly driven wire, or a loop. */
function netlistScript(texts: readonly string[]): string {
  return [
    `read_verilog -sv -lib ${texts.filter((name) => name.startsWith('bank_')).join(' ')}`,
    `read_verilog -sv ${texts.filter((name) => !isOutside(name)).join(' ')}`,
    'synth -flatten -top plasticore_core',
    'check -assert',
    'select -assert-none t:$_DLATCH*',
    'write_verilog -noattr netlist.v',
  ].join('; ');
}

/** The first difference from what the reference engine does. */
function compare(
  image: CoreImage,
  samples: readonly BenchSample[],
  found: readonly string[],
): HardwareOutcome {
  const core = new ReferenceCore(image);
  const expected = expectedText(core, samples, () => true)
    .trim()
    .split('\n');
  let [sample, step] = [-1, 0];
  for (const [index, line] of expected.entries()) {
    if (line === 'sample') [sample, step] = [sample + 1, 0];
    if (line !== found[index])
      return {
        is: 'different',
        where: `sample ${sample}, ${line.startsWith('word') ? 'its end' : `step ${step}`}: expected ${line}, found ${found[index]}`,
      };
    if (line.startsWith('step')) step += 1;
  }
  return {
    is: 'equal',
    cycles: core.busyCycles(),
    spikes: expected.filter((line) => line.startsWith('spike')).length,
    suspensions: core.counters().work.reduce((sum, { suspensions }) => sum + suspensions, 0),
  };
}
