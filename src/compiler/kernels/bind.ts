import type { Generator } from '../../hardware/index.ts';
import type { BoundKernel, ImageInstruction, ImageOperand } from '../../image/index.ts';
import {
  analyseRanges,
  findUniform,
  hostScalars,
  type Instruction,
  type InstructionRange,
  type Interval,
  indexField,
  inferKinds,
  interval,
  join,
  type NumberKind,
  type Operand,
  operationNamed,
} from '../../isa/index.ts';
import { connectionOf } from '../../program/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { checkDraws } from '../checks/index.ts';
import type { KernelUse } from '../lists/index.ts';
import type { Target } from '../target.ts';
import { checkStores, countedAs, fieldAccesses } from './accesses.ts';
import { type Bindings, KernelNames } from './names.ts';
import { type ParameterValues, parameterValues, type Schedule } from './parameters.ts';

/** A bound kernel, and the width that each of its instructions works at. */
export interface AnalysedKernel {
  readonly bound: BoundKernel;
  readonly widths: readonly number[];
}

/**
 * Binds a kernel to the fields and parameters of what a list runs it over, and analyses it.
 *
 * @param schedule takes the parameters that change with the epoch
 * @throws PlasticoreError for unknown names, stores without meaning, kinds of number that do not mix, and arithmetic that
 * may leave the datapath
 */
export function bindKernel(use: KernelUse, bindings: Bindings, schedule: Schedule): AnalysedKernel {
  const { kernel } = use;
  const { target, fields, scalars } = bindings;
  const names = new KernelNames(use, bindings);
  const values = parameterValues(use, target);
  checkEmission(use, target);
  checkDraws(kernel, use.domain, target.hw);
  const body = kernel.body.filter((instruction) => !isIdle(instruction, values));
  findUniform(body);
  const kinds = inferKinds(body, (name) => names.kindOf(name));
  const ranges = rangesOver(use, body, kinds, values, names, target);
  const accesses = fieldAccesses(body, names);
  checkStores(accesses, fields, use);
  const isWeightless = target.program.spec.projections[use.over]?.weights === 'none';
  return {
    bound: {
      name: kernel.name,
      domain: use.domain,
      population: use.population,
      projection: use.projection,
      rowGate: kernel.rowGate && names.fieldIndex(kernel.rowGate, kernel.place),
      columnGate: kernel.columnGate && names.fieldIndex(kernel.columnGate, kernel.place),
      rows: use.rows,
      columns: use.columns,
      order: use.order,
      code: body.map((instruction, line): ImageInstruction => {
        const isReal = target.hw.arithmetic === 'float32' && (kinds[line] ?? []).includes('real');
        const range = ranges[line]?.result;
        return {
          mnemonic: instruction.mnemonic,
          operands: instruction.operands.map(bindOperand),
          arithmetic: isReal ? 'real' : 'integer',
          low: range?.low,
          high: range?.high,
        };
      }),
      counts: countedAs(accesses, use, isWeightless),
    },
    widths: ranges.map(({ widthBits }) => widthBits),
  };

  function bindOperand(operand: Operand): ImageOperand {
    switch (operand.is) {
      case 'register':
      case 'number':
        return operand;
      case 'parameter': {
        const isOwn = Object.hasOwn(use.with, operand.name);
        const label = isOwn ? `${kernel.name}(${use.over}).${operand.name}` : operand.name;
        return schedule.operand(label, values.get(operand.name) ?? []);
      }
      case 'generator':
        return {
          is: 'generator',
          generator: target.hw.generators.findIndex(({ name }) => name === operand.name),
        };
      case 'field':
        if (operand.role === 'host') return { is: 'host', scalar: hostScalars.indexOf(operand.field) };
        if (operand.role === 'ev')
          return { is: 'event', scalar: scalars.indexOf(names.eventScalar(operand)) };
        if (operand.field === indexField) return { is: 'index', role: operand.role };
        return {
          is: 'field',
          role: operand.role,
          field: names.fieldIndex(operand, names.placeOf(operand)),
        };
    }
  }
}

/** Only the host makes spikes of the input. */
function checkEmission({ kernel, over }: KernelUse, { program: { spec } }: Target): void {
  if ((spec.projections[over]?.to ?? over) !== spec.input) return;
  const emit = kernel.body.find(({ mnemonic }) => operationNamed(mnemonic).effect.does === 'emit');
  if (emit === undefined) return;
  throw new PlasticoreError(
    'microcode',
    `kernel '${kernel.name}' over ${over} emits spikes of '${spec.input}', which the host supplies`,
    { ...emit.place, hint: 'let another population spike' },
  );
}

/** Whether an instruction does nothing: a shift of a register by a constant zero onto itself, unless it draws. */
function isIdle({ mnemonic, operands: [to, source, amount] }: Instruction, values: ParameterValues): boolean {
  const operation = operationNamed(mnemonic);
  if (operation.group !== 'shift' || operation.draws || operation.operands.length !== 3) return false;
  if (to?.is !== 'register' || source?.is !== 'register' || to.register !== source.register) return false;
  const amounts =
    amount?.is === 'number' ? [amount.value] : amount?.is === 'parameter' ? values.get(amount.name) : [];
  return amounts !== undefined && amounts.length > 0 && amounts.every((value) => value === 0);
}

/** The range and width of each instruction, over all intervals of the parameter schedule. */
function rangesOver(
  use: KernelUse,
  body: readonly Instruction[],
  kinds: readonly (readonly (NumberKind | undefined)[])[],
  values: ParameterValues,
  names: KernelNames,
  { program, hw, parameters }: Target,
): InstructionRange[] {
  const isOverSynapses = program.spec.projections[use.over] !== undefined;
  const snapshots = parameters.epochs.map((_, index) =>
    analyseRanges(body, kinds, {
      datapathBits: hw.datapathBits,
      realsAreFloats: hw.arithmetic === 'float32',
      rangeOf: (name) => names.rangeOf(name),
      parameter: (name) => values.get(name)?.[index] ?? 0,
      generator: (name, { place }) => wordRange(names.generator(name, place)),
      rowLength: isOverSynapses ? connectionOf(program, use.over).longestRow : 1,
    }),
  );
  return snapshots.reduce((all, next) => all.map((range, line) => widest(range, next[line] ?? range)));
}

function widest(a: InstructionRange, b: InstructionRange): InstructionRange {
  return {
    result: a.result === undefined || b.result === undefined ? a.result : join(a.result, b.result),
    widthBits: Math.max(a.widthBits, b.widthBits),
  };
}

/** A word of 32 bits fills a register, and may be negative. */
function wordRange({ wordBits }: Generator): Interval {
  return wordBits === 32 ? interval(-(2 ** 31), 2 ** 31 - 1) : interval(0, 2 ** wordBits - 1);
}
