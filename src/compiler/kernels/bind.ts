import {
  type BoundKernel,
  type ImageInstruction,
  type ImageOperand,
  rangesOfKernel,
} from '../../image/index.ts';
import {
  checkPredicates,
  describeLine,
  hostScalars,
  type Instruction,
  indexField,
  inferKinds,
  type NumberKind,
  type Operand,
  operationNamed,
} from '../../isa/index.ts';
import { Faults, type Place, PlasticoreError } from '../../text/index.ts';
import { checkDraws, checkRegisters } from '../checks/index.ts';
import type { KernelUse } from '../lists/index.ts';
import { payloadKind } from '../payloads.ts';
import type { Target } from '../target.ts';
import { checkPositions, checkStores, countedAs, fieldAccesses } from './accesses.ts';
import { type Bindings, KernelNames } from './names.ts';
import { checkRead, type ParameterValues, parameterValues, type Schedule } from './parameters.ts';

/** What a projection may say of the items of its kernels, and how they are counted then. */
const statedCounts = { operations: 'sop', updates: 'update', neither: undefined } as const;

/** A bound kernel, and the width of each of its instructions. */
export interface AnalysedKernel {
  readonly bound: BoundKernel;
  readonly widths: readonly number[];
}

/**
 * Binds a kernel to the fields and parameters of its use in a list, and analyses it.
 *
 * @param schedule collects the parameters that change with the epoch
 * @throws PlasticoreError with all unknown names and values; then, with those of its kind, for meaningless stores,
 * mixed kinds of number, and arithmetic that may leave the datapath
 */
export function bindKernel(use: KernelUse, bindings: Bindings, schedule: Schedule): AnalysedKernel {
  const { kernel } = use;
  const { target } = bindings;
  const names = new KernelNames(use, bindings);
  const faults = new Faults();
  const values = faults.attempt(() => parameterValues(use, target));
  faults.attempt(() => names.check());
  faults.attempt(() => checkEmission(use, target));
  faults.attempt(() => checkDraws(kernel, use.domain, target.hw));
  const isKnown = values !== undefined && faults.isEmpty;
  const analysed = isKnown
    ? faults.attempt(() => analyse(use, bindings, names, values, schedule))
    : undefined;
  // Last, so that it hides no fault of a kernel that replaced another.
  if (values !== undefined) faults.attempt(() => checkRead(use, values, target));
  return faults.complete(analysed);
}

/** Binds a kernel whose names and values are known. */
function analyse(
  use: KernelUse,
  { target, fields, scalars, ranged }: Bindings,
  names: KernelNames,
  values: ParameterValues,
  schedule: Schedule,
): AnalysedKernel {
  const { kernel } = use;
  const body = kernel.body.filter((instruction) => !isIdle(instruction, values));
  checkPredicates(body);
  checkRegisters(kernel, body, target.hw);
  const kinds = inferKinds(body, (name) => names.kindOf(name), emittedKind(use, target));
  const lines = body.map(({ mnemonic, operands, place }, line) => {
    const isReal = target.hw.arithmetic === 'float32' && (kinds[line] ?? []).includes('real');
    const arithmetic: ImageInstruction['arithmetic'] = isReal ? 'real' : 'integer';
    return { mnemonic, operands: operands.map((operand) => bindOperand(operand, place)), arithmetic };
  });
  const { domain, population, projection } = use;
  const rowGate = kernel.rowGate && names.fieldIndex(kernel.rowGate, kernel.place);
  const columnGate = kernel.columnGate && names.fieldIndex(kernel.columnGate, kernel.place);
  const accesses = fieldAccesses(body, names);
  const gates = [rowGate, columnGate].filter((gate) => gate !== undefined);
  checkPositions(accesses, fields, use, gates);
  const ranges = rangesOfKernel({ population, projection, code: lines }, ranged, (line) =>
    describeLine(body, line),
  );
  checkStores(accesses, fields, use);
  const { weights, countsAs } = target.program.spec.projections[use.over] ?? {};
  return {
    bound: {
      name: kernel.name,
      domain,
      population,
      projection,
      rowGate,
      columnGate,
      rows: use.rows,
      columns: use.columns,
      order: use.order,
      code: lines.map((instruction, line): ImageInstruction => {
        const { result } = ranges[line] ?? {};
        return { ...instruction, low: result?.low, high: result?.high };
      }),
      counts: countsAs === undefined ? countedAs(accesses, use, weights === 'none') : statedCounts[countsAs],
    },
    widths: ranges.map(({ widthBits }) => widthBits),
  };

  function bindOperand(operand: Operand, place: Place): ImageOperand {
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
        return { is: 'generator', generator: names.generatorIndex(operand.name, place) };
      case 'field':
        if (operand.role === 'host') return { is: 'host', scalar: hostScalars.indexOf(operand.field) };
        if (names.isPayload(operand)) return { is: 'payload' };
        if (operand.role === 'ev')
          return { is: 'event', scalar: scalars.indexOf(names.eventScalar(operand)) };
        if (operand.field === indexField && operand.role !== 'syn')
          return { is: 'index', role: operand.role };
        return {
          is: 'field',
          role: operand.role,
          field: names.fieldIndex(operand, names.placeOf(operand)),
        };
    }
  }
}

/** The kind of the value that the kernel's spikes carry. */
function emittedKind({ over }: KernelUse, target: Target): NumberKind | undefined {
  return payloadKind(target, target.program.spec.projections[over]?.to ?? over);
}

/** Only the host emits spikes of the input; others carry a value if their population says so. */
function checkEmission({ kernel, over }: KernelUse, { program: { spec } }: Target): void {
  const population = spec.projections[over]?.to ?? over;
  const emit = kernel.body.find(({ mnemonic }) => operationNamed(mnemonic).effect.does === 'emit');
  if (emit === undefined) return;
  if (population !== spec.input) {
    const { effect } = operationNamed(emit.mnemonic);
    const sends = effect.does === 'emit' && effect.sends;
    const carries = spec.populations[population]?.payload !== undefined;
    if (sends === carries) return;
    throw new PlasticoreError(
      'microcode',
      sends
        ? `kernel '${kernel.name}' over ${over} sends a value, and spikes of '${population}' carry none`
        : `kernel '${kernel.name}' over ${over} sends no value, and spikes of '${population}' carry one`,
      {
        ...emit.place,
        hint: sends ? `give populations.${population} a payload` : 'write emit r, value',
      },
    );
  }
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
