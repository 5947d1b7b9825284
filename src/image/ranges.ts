import {
  analyseRanges,
  hostScalars,
  type InstructionRange,
  integerRange,
  joinRanges,
  type RangeEnvironment,
  type ValueRange,
  valueRange,
} from '../isa/index.ts';
import { longestRow } from '../program/index.ts';
import { Faults } from '../text/index.ts';
import { factsOf } from './accesses.ts';
import type { Field, ProgramView } from './image.ts';
import type { BoundKernel, ImageInstruction, ImageOperand } from './lists.ts';
import { heldRange } from './memory.ts';
import { payloadRange, spikingPopulation } from './spikes.ts';

/** The data on which the ranges of a kernel's values depend: from an image, or known during compilation. */
export interface RangedProgram
  extends Pick<
    ProgramView,
    | 'parameters'
    | 'epochs'
    | 'populations'
    | 'projections'
    | 'eventScalars'
    | 'generators'
    | 'steps'
    | 'readout'
    | 'regression'
  > {
  readonly core: Pick<ProgramView['core'], 'datapathBits'>;
  readonly fields: readonly Pick<
    Field,
    'storage' | 'bits' | 'signed' | 'overflow' | 'faulty' | 'count' | 'positions'
  >[];
}

type RangedInstruction = Pick<ImageInstruction, 'mnemonic' | 'operands' | 'arithmetic'>;

export interface RangedKernel extends Pick<BoundKernel, 'population' | 'projection'> {
  readonly code: readonly RangedInstruction[];
}

/**
 * The ranges of a kernel's values over the whole schedule of its parameters.
 *
 * @param describe names a line if it is refused; undefined if its results are known to fit the datapath
 * @throws PlasticoreError `range` with all lines that can be described and may leave the datapath
 */
export function rangesOfKernel(
  kernel: RangedKernel,
  program: RangedProgram,
  describe?: RangeEnvironment<RangedInstruction>['describe'],
): InstructionRange[] {
  const { code } = kernel;
  const projection = program.projections[kernel.projection ?? -1];
  const rowLength = projection !== undefined && factsOf(kernel).reduces ? longestRow(projection.segments) : 1;
  const at = (scheduled: number): InstructionRange[] =>
    analyseRanges(code, {
      datapathBits: program.core.datapathBits,
      isReal: ({ arithmetic }) => arithmetic === 'real',
      rangeOf: (operand) => rangeOfOperand(operand, kernel, program, scheduled),
      rowLength,
      positionsOf: ({ operands }) => {
        const field = operands.find((operand) => operand.is === 'field');
        return field?.is === 'field' ? (program.fields[field.field]?.positions ?? 0) : 0;
      },
      describe,
    });
  const isScheduled = code.some(({ operands }) => operands.some(({ is }) => is === 'parameter'));
  if (!isScheduled) return at(0);
  const faults = new Faults();
  const ranges = program.epochs.map((_, scheduled) => faults.attempt(() => at(scheduled)) ?? []);
  faults.throwIfAny();
  return ranges.reduce(joinRanges);
}

/** A kernel with the ranges that its results have in a program. */
export function withRanges(kernel: BoundKernel, program: RangedProgram): BoundKernel {
  const ranges = rangesOfKernel(kernel, program);
  return {
    ...kernel,
    code: kernel.code.map((line, at) => ({
      ...line,
      low: ranges[at]?.result?.low,
      high: ranges[at]?.result?.high,
    })),
  };
}

/** The range of an operand other than a register, in one interval of the schedule; undefined for a float. */
function rangeOfOperand(
  operand: ImageOperand,
  kernel: RangedKernel,
  program: RangedProgram,
  scheduled: number,
): ValueRange | undefined {
  switch (operand.is) {
    case 'number':
      return valueRange(operand.value, operand.value);
    case 'parameter': {
      const value = program.parameters[operand.parameter]?.values[scheduled] ?? 0;
      return valueRange(value, value);
    }
    case 'host':
      return hostRange(program, operand.scalar);
    case 'event': {
      const { low = 0, high = 0 } = program.eventScalars[operand.scalar] ?? {};
      return valueRange(low, high);
    }
    case 'payload': {
      const { payload } = spikingPopulation(program, kernel);
      return payload === undefined ? valueRange(0, 0) : payloadRange(payload);
    }
    case 'index': {
      const { source, target } = program.projections[kernel.projection ?? -1] ?? {};
      const index = kernel.population ?? (operand.role === 'pre' ? source : target);
      const { size = 1, first = 0 } = program.populations[index ?? -1] ?? {};
      return valueRange(first, first + size - 1);
    }
    case 'field': {
      const field = program.fields[operand.field];
      return field === undefined || field.storage === 'float32' ? undefined : heldRange(field);
    }
    case 'generator': {
      // A 32-bit word fills a register, and may be negative.
      const { wordBits = 32 } = program.generators[operand.generator] ?? {};
      return wordBits === 32 ? valueRange(-(2 ** 31), 2 ** 31 - 1) : valueRange(0, 2 ** wordBits - 1);
    }
    case 'register':
      return undefined;
  }
}

type AskingProgram = Pick<RangedProgram, 'readout' | 'regression'> & {
  readonly fields: readonly Pick<Field, 'count'>[];
};

/** The values that the host may write into a scalar, by its index in `hostScalars`. Steps count from 0. */
export function hostRange(program: AskingProgram & { readonly steps: number }, scalar: number): ValueRange {
  return hostScalars[scalar] === 'step' ? valueRange(0, program.steps - 1) : labelRange(program);
}

/**
 * The labels that a program takes. A label names an item of the readout, or is the number that a regression asks for;
 * without a readout, it is 0.
 */
export function labelRange({ fields, readout, regression }: AskingProgram): ValueRange {
  if (regression !== undefined) return integerRange(regression.bits, false);
  return valueRange(0, (fields[readout]?.count ?? 1) - 1);
}
