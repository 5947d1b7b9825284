import { readFileSync } from 'node:fs';
import { type CompileOptions, compileCore } from '../../src/compiler/index.ts';
import type { SpikeTrain } from '../../src/data/index.ts';
import { type Core, createCore, type EngineName, type Processor } from '../../src/engine/index.ts';
import type { HwModel, WorkCost } from '../../src/hardware/index.ts';
import {
  type CoreImage,
  type Field,
  noWork,
  type ProgramView,
  type WorkCount,
} from '../../src/image/index.ts';
import { loadProgram, type Program } from '../../src/program/index.ts';
import { files, load } from '../hardware/tiny.ts';

/**
 * A core with round numbers: 4 lanes, 16-bit words, one read and one write port per bank. Units cost 1, 2, 3 pJ at 8,
 * 16, 32 bits; a multiplication 4, 5, 6; a random word 7. Banks: weight 5/6 pJ, shadow 3/4 pJ, state 1/2 pJ.
 */
export const roundCore = `format: plasticore/hw-model/1
name: round
description: four lanes in round numbers
technologyNm: 28
supplyV: 0.9
clockMhz: 100
arithmetic: integer
lanes: 4
datapathBits: 32
precision: {weightBits: [4, 8, 16], shadowBits: [8, 16], accumulatorBits: [24, 16]}
inferenceWeights: stored
columnGate: skip-tile
sources:
  paper: {cite: A paper, kind: measured, checked: primary}
  guess: {cite: A rule, kind: derived, checked: memory}
operations:
  integer:
    move: {unitsPerLane: 1, energyPj: {8: 1, 16: 2, 32: 3}, areaUm2: 1, source: paper}
    add: {unitsPerLane: 1, energyPj: {8: 1, 16: 2, 32: 3}, areaUm2: 1, source: paper}
    multiply: {unitsPerLane: 1, energyPj: {8: 4, 16: 5, 32: 6}, areaUm2: 1, source: paper}
    shift: {unitsPerLane: 1, energyPj: {8: 1, 16: 2, 32: 3}, areaUm2: 1, source: paper}
    compare: {unitsPerLane: 1, energyPj: {8: 1, 16: 2, 32: 3}, areaUm2: 1, source: paper}
    logic: {unitsPerLane: 1, energyPj: {8: 1, 16: 2, 32: 3}, areaUm2: 1, source: paper}
    random: {unitsPerLane: 1, energyPj: {32: 7}, areaUm2: 1, source: paper}
banks:
  weight: {capacityBits: 16384, wordBits: 16, ports: {read: 1, write: 1}, bitMask: false, readPj: 5, writePj: 6, leakUw: 1, areaUm2: 1, source: guess}
  shadow: {capacityBits: 32768, wordBits: 16, ports: {read: 1, write: 1}, bitMask: true, readPj: 3, writePj: 4, leakUw: 2, areaUm2: 1, source: guess}
  state: {capacityBits: 16384, wordBits: 16, ports: {read: 1, write: 1}, bitMask: false, readPj: 1, writePj: 2, leakUw: 3, areaUm2: 1, source: guess}
placement: {weight: weight, shadow: shadow, state: state}
router: {fifoDepth: 64, whenFull: stall, pushPj: 1, popPj: 2, areaUm2: 1, source: paper}
overheads: {fillCycles: 3, kernelCycles: 1, rowCycles: 2, eventCycles: 1, source: paper}
staticPower: {powerUw: 10, source: guess}
control: {areaUm2: 1, source: paper}
`;

/**
 * {@link roundCore} with float32 units (1 pJ a move, 10 an add, 40 a multiplication, 2 a shift, 5 a comparison) and one
 * copy of a weight, nominally 8 of 16 bits.
 */
export const roundFloatCore = roundCore
  .replace('name: round', 'name: round-float')
  .replace('arithmetic: integer', 'arithmetic: float32\nlike: mp16-8')
  .replace(
    'banks:\n',
    `  float32:
    move: {unitsPerLane: 1, energyPj: {32: 1}, areaUm2: 1, source: paper}
    add: {unitsPerLane: 1, energyPj: {32: 10}, areaUm2: 1, source: paper}
    multiply: {unitsPerLane: 1, energyPj: {32: 40}, areaUm2: 1, source: paper}
    shift: {unitsPerLane: 1, energyPj: {32: 2}, areaUm2: 1, source: paper}
    compare: {unitsPerLane: 1, energyPj: {32: 5}, areaUm2: 1, source: paper}
banks:
`,
  )
  .replaceAll('wordBits: 16', 'wordBits: 64');

/** The text of a bundled microcode file. */
export const rule = (name: string): string =>
  readFileSync(new URL(`../../programs/rules/${name}`, import.meta.url), 'utf8');

/** A program 'net.yaml' whose microcode is in files given by name. */
export const programOf = (yaml: string, microcode: Readonly<Record<string, string>>): Program =>
  loadProgram({ text: yaml, file: 'net.yaml' }, { microcode: files(microcode) });

/** Compiles 'net.yaml' with one file of microcode, 'rule.uc', for the core of a text. */
export function imageOf(
  yaml: string,
  microcode: string,
  core: string | HwModel = roundCore,
  options: Partial<CompileOptions> = {},
): CoreImage {
  const hw = typeof core === 'string' ? load(core) : core;
  const precision = hw.arithmetic === 'float32' ? 'fp32' : 'mp16-8';
  return compileCore(programOf(yaml, { 'rule.uc': microcode }), hw, { precision, seed: 1, ...options });
}

/** Spikes by step. */
export function spikeTrain(...steps: readonly (readonly number[])[]): SpikeTrain {
  const offsets = [0];
  for (const spikes of steps) offsets.push((offsets.at(-1) ?? 0) + spikes.length);
  return { steps: steps.length, offsets: Uint32Array.from(offsets), indices: Uint16Array.from(steps.flat()) };
}

export function indexOfField(image: ProgramView, name: string): number {
  const index = image.fields.findIndex((field) => field.name === name);
  if (index < 0) throw new Error(`no field ${name}`);
  return index;
}

export function fieldOf(image: ProgramView, name: string): Field {
  const field = image.fields[indexOfField(image, name)];
  if (field === undefined) throw new Error(`no field ${name}`);
  return field;
}

/** A field's items by name. */
export const valuesOf = (engine: Processor, name: string): number[] => [
  ...engine.read(indexOfField(engine.image, name)),
];

type Banks = Readonly<Record<string, readonly number[] | Float32Array<ArrayBuffer>>>;

/**
 * What loads an image into a core of an engine, with the bits of some banks replaced: words of the bank's width, or
 * floats, from its first on.
 */
export const loaderOn =
  (engine: EngineName) =>
  (image: CoreImage, banks: Banks = {}): Core => {
    const core = createCore(image, { engine });
    const contents = image.banks.map(({ name, wordBits }, index) => {
      const given = banks[name];
      const initial = image.contents[index] ?? new Uint32Array();
      if (given === undefined) return initial;
      return given instanceof Float32Array
        ? Uint32Array.from({ length: initial.length }, (_, at) => new Uint32Array(given.buffer)[at] ?? 0)
        : packed(given, wordBits, initial.length);
    });
    core.restore({ banks: contents, generators: core.save().generators });
    return core;
  };

export const engineWith = loaderOn('reference');

/** Words of `wordBits` bits one after the other, in elements of 32 bits, least significant first. */
export function packed(words: readonly number[], wordBits: number, elements?: number): Uint32Array {
  let bits = 0n;
  for (const [index, word] of words.entries()) {
    bits |= BigInt.asUintN(wordBits, BigInt(word)) << BigInt(index * wordBits);
  }
  const length = elements ?? Math.ceil((words.length * wordBits) / 32);
  return Uint32Array.from({ length }, (_, index) => Number((bits >> BigInt(32 * index)) & 0xffffffffn));
}

/** A count of a piece of work: what is not given is zero. Banks in the order weight, shadow, state. */
export const counts = (given: Partial<WorkCount>): WorkCount => ({
  ...noWork(3),
  ...given,
});

/** The counts of a piece of work by its name; the n-th of those of the same name. */
export function countsOf(engine: Core, work: string, nth = 0): WorkCount {
  const count = engine.counters().work[workIndex(engine.image, work, nth)];
  if (count === undefined) throw new Error(`no counts of ${work}`);
  return count;
}

export function costOf(image: CoreImage, work: string, nth = 0): WorkCost {
  const cost = image.costs.work[workIndex(image, work, nth)];
  if (cost === undefined) throw new Error(`no cost of ${work}`);
  return cost;
}

export function workIndex(image: CoreImage, work: string, nth = 0): number {
  const found = image.work.flatMap((name, index) => (name === work ? [index] : []))[nth];
  if (found === undefined) throw new Error(`no work '${work}' in ${image.work.join(', ')}`);
  return found;
}
