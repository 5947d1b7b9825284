import {
  type BoundKernel,
  type ImageInstruction,
  type ImageOperand,
  rangesOfKernel,
  takesOf,
} from '../../image/index.ts';
import {
  checkPredicates,
  describeLine,
  type FieldName,
  formatField,
  hostScalars,
  type Instruction,
  indexField,
  inferKinds,
  isRead,
  type NumberKind,
  type Operand,
  operationNamed,
  type Role,
} from '../../isa/index.ts';
import { Faults, type Place, PlasticoreError } from '../../text/index.ts';
import { checkDraws, checkRegisters } from '../checks/index.ts';
import type { FieldDraft } from '../fields/index.ts';
import type { KernelUse } from '../lists/index.ts';
import { payloadKind } from '../payloads.ts';
import type { CompileTarget } from '../target.ts';
import {
  type Bindings,
  checkRead,
  KernelNames,
  type ParameterValues,
  parameterValues,
  type Schedule,
} from './parameters.ts';

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
function emittedKind({ over }: KernelUse, target: CompileTarget): NumberKind | undefined {
  return payloadKind(target, target.program.spec.projections[over]?.to ?? over);
}

/** Only the host emits spikes of the input; others carry a value if their population says so. */
function checkEmission({ kernel, over }: KernelUse, { program: { spec } }: CompileTarget): void {
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

/** A load or a store of a field in a bank. */
interface FieldAccess {
  readonly name: FieldName;
  readonly field: number;
  readonly writes: boolean;
  /** Whether the line names positions of the field. */
  readonly atPositions: boolean;
  readonly place: Place;
}

/** The loads and stores of a kernel, in text order. */
function fieldAccesses(body: readonly Instruction[], names: KernelNames): FieldAccess[] {
  return body.flatMap(({ mnemonic, operands, place }) =>
    operands.flatMap((operand): FieldAccess[] => {
      if (operand.is !== 'field' || names.isCounter(operand)) return [];
      const operation = operationNamed(mnemonic);
      const atPositions = takesOf(operation) !== 'items';
      const field = names.fieldIndex(operand, place);
      return [{ name: operand, field, writes: !isRead(operation), atPositions, place }];
    }),
  );
}

/** Refuses lines that name positions of a field without any, or none of one that has them, and gates by the latter. */
function checkPositions(
  accesses: readonly FieldAccess[],
  fields: readonly FieldDraft[],
  { kernel, over }: KernelUse,
  gates: readonly number[],
): void {
  const faults = new Faults();
  const refuse = (message: string, place: Place, hint: string): never => {
    throw new PlasticoreError('microcode', message, {
      ...place,
      hint: `${hint} (kernel '${kernel.name}' over ${over})`,
    });
  };
  for (const gate of gates) {
    const { name = '', positions } = fields[gate] ?? {};
    if (positions !== undefined)
      faults.attempt(() =>
        refuse(`'${name}' has ${positions} positions: it is no gate`, kernel.place, 'gate by another field'),
      );
  }
  for (const { name, field, atPositions, place } of accesses) {
    const positions = fields[field]?.positions;
    const shown = `'${formatField(name)}'`;
    if (atPositions && positions === undefined)
      faults.attempt(() =>
        refuse(`${shown} has no positions`, place, `give ${fields[field]?.name} positions, or use ld and st`),
      );
    if (!atPositions && positions !== undefined)
      faults.attempt(() =>
        refuse(`${shown} has ${positions} positions: expected the name of one`, place, 'use ld.at and st.at'),
      );
  }
  faults.throwIfAny();
}

/**
 * Refuses meaningless stores: to a view, to a value that a word keeps once, and to a field that the kernel also
 * accesses through another role, where the order of items would matter.
 */
function checkStores(
  accesses: readonly FieldAccess[],
  fields: readonly FieldDraft[],
  { kernel, over }: KernelUse,
): void {
  const refuse = (message: string, place: Place, hint?: string): never => {
    throw new PlasticoreError('microcode', message, { ...place, hint });
  };
  for (const { name, field, place } of accesses.filter(({ writes }) => writes)) {
    const draft = fields[field];
    const shown = `'${formatField(name)}'`;
    if (draft?.perWord) refuse(`${shown} is kept once for each word and cannot be stored into`, place);
    if (draft?.use === 'delay')
      refuse(
        `${shown} is the delay of a synapse, which no kernel changes`,
        place,
        'give the projection another field to store into',
      );
    if (draft?.view !== undefined)
      refuse(
        `${shown} is a view of the shadow weight and cannot be stored`,
        place,
        'store syn.shadow: the view follows',
      );
    const other = accesses.find((access) => access.field === field && access.name.role !== name.role);
    if (other !== undefined)
      refuse(
        `kernel '${kernel.name}' stores ${shown} and uses the same field as '${formatField(other.name)}'`,
        place,
        `over ${over} both are ${draft?.name}: split the kernel in two`,
      );
  }
}

/**
 * The kind of a kernel's items in the counts: a synaptic operation if it leads from a synapse to its neuron, an
 * update if it writes a field of a synapse. With weights of the precision's widths, the former is a kernel that a
 * spike runs and that reads the weight, the latter one that stores the shadow weight.
 */
function countedAs(
  accesses: readonly FieldAccess[],
  { kernel }: KernelUse,
  isWeightless: boolean,
): BoundKernel['counts'] {
  const touches = (does: 'reads' | 'writes', role: Role, field?: string): boolean =>
    accesses.some(
      ({ name, writes }) =>
        writes === (does === 'writes') && name.role === role && (field === undefined || name.field === field),
    );
  if (!isWeightless) {
    if (touches('writes', 'syn', 'shadow')) return 'update';
    return kernel.domain === 'row' && touches('reads', 'syn', 'weight') ? 'sop' : undefined;
  }
  if (touches('reads', 'syn') && touches('writes', 'post')) return 'sop';
  return touches('writes', 'syn') ? 'update' : undefined;
}
