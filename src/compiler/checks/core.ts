import {
  coreNumbers,
  type HwModel,
  type LaidPopulation,
  type LaidProjection,
  type Misfit,
  misfits,
  type NetworkLayout,
} from '../../hardware/index.ts';
import { mostBankBits, type ProgramView } from '../../image/index.ts';
import { microcodeNeeds, microcodeUnitOf, shortOf } from '../../microcode/index.ts';
import {
  connectionOf,
  connectionWindow,
  type Program,
  perAxis,
  refuse,
  rowsOf,
  type Segments,
  visitRow,
} from '../../program/index.ts';
import { Faults, inGroups, PlasticoreError, wordAt } from '../../text/index.ts';
import { allocate, type FieldAllocation, type FieldDraft } from '../fields/index.ts';
import { offered } from '../precision.ts';
import type { CompileTarget } from '../target.ts';

/**
 * A core with its own controller runs only named events; a core without one runs samples and steps.
 *
 * @throws PlasticoreError `fit` if program and core do not match
 */
export function checkController({ spec, locate }: Program, hw: HwModel): void {
  const [name] = Object.keys(spec.events.on);
  const { sample, tick, spike, previousSpike } = spec.events;
  const triggered = [spike, previousSpike].flatMap((lists) => Object.values(lists));
  const runsOnSamples = [sample, tick, ...triggered].some((list) => list.length > 0);
  if (hw.controller !== undefined && (name === undefined || runsOnSamples)) {
    throw new PlasticoreError(
      'fit',
      `hw-model '${hw.name}' has its own controller, which triggers named events: '${spec.name}' runs on samples and steps`,
      {
        ...locate(['events']),
        hint: 'choose another hw-model, or write a program whose events are events.on and nothing else',
      },
    );
  }
  if (name === undefined || hw.controller !== undefined) return;
  throw new PlasticoreError(
    'fit',
    `hw-model '${hw.name}' has no controller that could trigger event '${name}'`,
    { ...locate(['events', 'on', name]), hint: 'use an hw-model with a controller, or events.spike' },
  );
}

/**
 * An array with contents for each core of a chip has them for as many as there are.
 *
 * @throws PlasticoreError `invalid-value`
 */
export function checkCoreArrays(program: Program, { name, chip }: HwModel): void {
  const cores = chip === undefined ? 1 : coreNumbers(chip.mesh).length;
  for (const array of program.arrays.values())
    if (array.cores !== undefined && array.cores !== cores)
      refuse(
        program,
        array.path,
        `'${array.name}' has contents for ${array.cores} cores; hw-model '${name}' has ${cores}`,
        'the first dimension of the array counts the cores; without it, all start alike',
      );
}

/** The fields of a program on a core at a precision. */
type DraftsFor = (hw: HwModel, precision: string) => FieldDraft[];

/**
 * Refuses a program that needs more words than a bank has, and says what would fit.
 *
 * @param draftsFor the fields that the program would have on another core or at another precision
 * @throws PlasticoreError `fit`
 */
export function checkFit(memory: FieldAllocation, target: CompileTarget, draftsFor: DraftsFor): void {
  const { program, hw, precision } = target;
  for (const { name, usedWords, wordBits } of memory.banks) {
    if (usedWords * wordBits <= mostBankBits) continue;
    const bits = `${inGroups(usedWords * wordBits)} bits of the ${name} bank`;
    throw new PlasticoreError(
      'fit',
      `program '${program.spec.name}' needs ${bits}; at most ${inGroups(mostBankBits)} can be simulated`,
    );
  }
  const shortages = shortagesIn(memory.banks);
  if (shortages.length === 0) return;
  throw new PlasticoreError(
    'fit',
    `program '${program.spec.name}' at ${precision.name} does not fit hw-model '${hw.name}': ${shortages.join('; ')}`,
    { hint: whatWouldFit(hw, precision.name, draftsFor) },
  );
}

/** For each bank that is too small: what it needs, and what it has. */
export function shortagesIn(banks: FieldAllocation['banks']): string[] {
  return banks
    .filter(({ usedWords, wordBits, capacityBits }) => usedWords * wordBits > capacityBits)
    .map(
      ({ name, usedWords, wordBits, capacityBits }) =>
        `${name} bank: ${inGroups(usedWords * wordBits)} bits needed, ${inGroups(capacityBits)} available`,
    );
}

/**
 * Refuses a program that needs more of a programmable core than its hw-model says it holds.
 *
 * @throws PlasticoreError `fit` with need and offer, or with the kernel and the line that no word does
 */
export function checkMicrocode(image: ProgramView, hw: HwModel): void {
  const { name, microcode = {} } = hw;
  if (Object.keys(microcode).every((key) => key === 'issue')) return;
  const short = shortOf(microcodeNeeds(image, microcodeUnitOf(hw)), microcode);
  if (short.length === 0) return;
  const { program, core } = image;
  throw new PlasticoreError(
    'fit',
    `program '${program}' at ${core.precision} does not fit hw-model '${name}': ${short.join('; ')}`,
    { hint: 'run fewer or shorter kernels, or enlarge `microcode` of the hw-model' },
  );
}

function whatWouldFit(hw: HwModel, precision: string, draftsFor: DraftsFor): string {
  const fits = (core: HwModel, at: string): boolean => {
    try {
      return allocate(draftsFor(core, at), core).banks.every(
        (bank) => bank.usedWords * bank.wordBits <= bank.capacityBits,
      );
    } catch (error) {
      // That precision has another fault, such as an accumulator that the core does not offer, so it does not help
      // either.
      if (error instanceof PlasticoreError) return false;
      throw error;
    }
  };
  const ways: string[] = [];
  const precisions = offered(hw).filter((name) => name !== precision && fits(hw, name));
  if (precisions.length > 0) ways.push(`at ${precisions.join(', ')}`);
  if (hw.inferenceWeights === 'stored' && fits({ ...hw, inferenceWeights: 'sliced' }, precision)) {
    ways.push('with inferenceWeights: sliced');
  }
  const { placement } = hw;
  const elsewhere = hw.banks.find(
    ({ name }) =>
      name !== placement.weight && fits({ ...hw, placement: { ...placement, weight: name } }, precision),
  );
  if (elsewhere !== undefined) ways.push(`with placement.weight: ${elsewhere.name}`);
  return ways.length > 0
    ? `fits ${ways.join(', or ')}`
    : 'fits at no precision that this core offers: make the populations smaller or the bank larger';
}

/** The part of a compilation that decides how a network is laid out. */
interface Laid extends Pick<CompileTarget, 'program' | 'delays'> {
  readonly leftOut: Pick<CompileTarget['leftOut'], 'projections' | 'plastic'>;
}

/**
 * Refuses a network that a chip does not take, or the tool that maps networks to it.
 *
 * @throws PlasticoreError `fit` with all that misses a limit
 */
export function checkMapping(laid: Laid, hw: HwModel): void {
  if (hw.mapping === undefined) return;
  refuseMisfits(misfits(networkLayout(laid), hw), laid.program);
}

/** @throws PlasticoreError `fit` with all of them, if there are any */
function refuseMisfits(found: readonly Misfit[], { locate }: Pick<Program, 'locate'>): void {
  const faults = new Faults();
  for (const { message, hint, path } of found)
    faults.add(new PlasticoreError('fit', message, { ...locate(path), hint }));
  faults.throwIfAny();
}

/** A program as a mapper of networks sees it. */
export function networkLayout({ program, delays, leftOut }: Laid): NetworkLayout {
  const { input, readout, populations, projections } = program.spec;
  const [output] = readout?.split('.') ?? [];
  return {
    populations: Object.entries(populations).map(
      ([name, { size, shape, neurons }]): LaidPopulation => ({
        name,
        size,
        shape,
        role: name === input ? 'input' : name === output ? 'output' : 'hidden',
        neurons,
        path: ['populations', name],
      }),
    ),
    projections: Object.entries(projections)
      .filter(([name]) => !leftOut.projections.has(name))
      .map(([name, { from, to, connect, pooled = 1, weights, fields }]): LaidProjection => {
        const { segments, weightRows, weightRowLength } = connectionOf(program, name);
        const window = connectionWindow(connect);
        const squares = perAxis(pooled);
        const isPointer = weights === 'none' && Object.keys(fields).length === 0;
        return {
          name,
          from,
          to,
          connection: window?.kind ?? (connect === 'dense' ? 'dense' : 'sparse'),
          window: window && windowOver(window, squares),
          pooled: squares,
          weights: isPointer ? 0 : weightRows * weightRowLength,
          delay: delays.get(name)?.longest ?? 0,
          learns: leftOut.plastic.has(name),
          ...degreesOf(segments, populations[to]?.size ?? 0),
          path: ['projections', name],
        };
      }),
  };
}

/** A window over what a pooling leaves of a picture. */
function windowOver(
  { rows, columns, stride, padding }: NonNullable<ReturnType<typeof connectionWindow>>,
  [high, wide]: readonly [number, number],
): NonNullable<LaidProjection['window']> {
  return {
    size: [rows / high, columns / wide],
    stride: [stride[0] / high, stride[1] / wide],
    padding: [padding[0] / high, padding[1] / wide],
  };
}

function degreesOf(segments: Segments, targets: number): Pick<LaidProjection, 'fanOut' | 'reached'> {
  const fanOut = new Uint32Array(rowsOf(segments));
  const reached = new Uint8Array(targets);
  for (const row of fanOut.keys())
    visitRow(segments, row, (first, count) => {
      fanOut[row] = wordAt(fanOut, row) + count;
      reached.fill(1, first, first + count);
    });
  return { fanOut, reached };
}
