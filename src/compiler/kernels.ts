import type { Generator, HwModel } from '../hardware/index.ts';
import {
  type BoundKernel,
  fieldRange,
  type ImageInstruction,
  type ImageOperand,
  type Parameter,
} from '../image/index.ts';
import {
  analyseRanges,
  type FieldName,
  findUniform,
  formatField,
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
  type Role,
} from '../isa/index.ts';
import { connectionOf, type Program } from '../program/index.ts';
import { type Place, PlasticoreError, suggest } from '../text/index.ts';
import { checkDraws } from './draws.ts';
import { type FieldDraft, fieldIndex } from './fields.ts';
import type { KernelUse } from './kernel-uses.ts';
import type { ResolvedParameters } from './parameters.ts';
import type { ResolvedScalar } from './scalars.ts';

/** A bound kernel, and for each instruction the width that it works at. */
export interface AnalysedKernel {
  readonly bound: BoundKernel;
  readonly widths: readonly number[];
}

/** The parameters that change with the epoch, gathered while kernels are bound. */
export class Schedule {
  readonly parameters: Parameter[] = [];

  operand(name: string, values: readonly number[]): ImageOperand {
    const first = values[0] ?? 0;
    if (values.every((value) => value === first)) return { is: 'number', value: first };
    // Two uses of a kernel over one owner may give the same name different schedules.
    const known = this.parameters.findIndex(
      (parameter) => parameter.name === name && parameter.values.every((value, i) => value === values[i]),
    );
    if (known >= 0) return { is: 'parameter', parameter: known };
    this.parameters.push({ name, values });
    return { is: 'parameter', parameter: this.parameters.length - 1 };
  }
}

/** A word of 32 bits fills a register, and may be negative. */
function wordRange({ wordBits }: Generator): Interval {
  return wordBits === 32 ? interval(-(2 ** 31), 2 ** 31 - 1) : interval(0, 2 ** wordBits - 1);
}

/** Binds a kernel to its fields and parameters and analyses it. */
export function bindKernel(
  use: KernelUse,
  program: Program,
  hw: HwModel,
  fields: readonly FieldDraft[],
  parameters: ResolvedParameters,
  schedule: Schedule,
  scalars: readonly ResolvedScalar[],
): AnalysedKernel {
  const { kernel } = use;
  const { spec } = program;
  const projection = spec.projections[use.over];
  const owners: Readonly<Record<string, string>> =
    projection === undefined
      ? { self: use.over }
      : { pre: projection.from, post: projection.to, syn: use.over };
  const rowLength = projection === undefined ? 1 : connectionOf(program, use.over).longestRow;

  const values = new Map<string, readonly number[]>();
  for (const { operands, place } of kernel.body) {
    for (const operand of operands)
      if (operand.is === 'parameter') values.set(operand.name, parameterValues(operand.name, place));
  }
  for (const name of Object.keys(use.with)) {
    if (values.has(name)) continue;
    throw new PlasticoreError('invalid-value', `kernel '${kernel.name}' has no parameter '${name}'`, {
      ...program.locate([...use.path, 'with', name]),
      hint: suggest(name, [...values.keys()]),
    });
  }

  refuseInputSpikes();
  checkDraws(kernel, use.domain, hw);
  const body = kernel.body.filter((instruction) => !isIdle(instruction));
  findUniform(body);
  const kinds = inferKinds(body, kindOf);
  const ranges = analyseOverSchedule();
  const roles = checkRoles();
  const code = body.map((instruction, line): ImageInstruction => {
    const isReal = hw.arithmetic === 'float32' && (kinds[line] ?? []).includes('real');
    const range = ranges[line]?.result;
    return {
      mnemonic: instruction.mnemonic,
      operands: instruction.operands.map(bindOperand),
      arithmetic: isReal ? 'real' : 'integer',
      low: range?.low,
      high: range?.high,
    };
  });
  const writesShadow = roles.some(
    ({ name, writes }) => writes && name.role === 'syn' && name.field === 'shadow',
  );
  const readsWeight = roles.some(
    ({ name, writes }) => !writes && name.role === 'syn' && name.field === 'weight',
  );
  const isWeightless = projection?.weights === 'none';
  const touches = (role: Role, does: 'reads' | 'writes'): boolean =>
    roles.some(({ name, writes }) => name.role === role && writes === (does === 'writes'));
  // Without weights of the precision's, what leads from a synapse to its neuron is a synaptic operation.
  const accumulates = isWeightless
    ? touches('syn', 'reads') && touches('post', 'writes')
    : kernel.domain === 'row' && readsWeight;
  const updates = writesShadow || (isWeightless && touches('syn', 'writes') && !accumulates);
  return {
    bound: {
      name: kernel.name,
      domain: use.domain,
      population: use.population,
      projection: use.projection,
      rowGate: kernel.rowGate && indexOf(kernel.rowGate, kernel.place),
      columnGate: kernel.columnGate && indexOf(kernel.columnGate, kernel.place),
      rows: use.rows,
      columns: use.columns,
      order: use.order,
      code,
      counts: updates ? 'update' : accumulates ? 'sop' : undefined,
    },
    widths: ranges.map(({ widthBits }) => widthBits),
  };

  function parameterValues(name: string, place: Place): readonly number[] {
    const own = use.with[name];
    if (own === undefined && !parameters.names.includes(name)) {
      throw new PlasticoreError(
        'microcode',
        `parameter '#${name}' is not defined: neither by 'with' nor by program '${spec.name}'`,
        {
          ...place,
          hint: suggest(name, [...Object.keys(use.with), ...parameters.names]),
        },
      );
    }
    const where = own === undefined ? parameters.placeOf(name) : program.locate([...use.path, 'with', name]);
    const found = parameters.valuesOf(own ?? name, where);
    const broken = found.find((value) => !Number.isInteger(value) || Math.abs(value) >= 2 ** 31);
    if (broken === undefined) return found;
    throw new PlasticoreError(
      'invalid-value',
      `parameter '${name}' is ${broken}; microcode takes whole numbers of 32 bits`,
      where,
    );
  }

  /** The input's spikes are the host's alone. */
  function refuseInputSpikes(): void {
    if ((projection?.to ?? use.over) !== spec.input) return;
    const emit = kernel.body.find(({ mnemonic }) => operationNamed(mnemonic).effect.does === 'emit');
    if (emit === undefined) return;
    throw new PlasticoreError(
      'microcode',
      `kernel '${kernel.name}' over ${use.over} emits spikes of '${spec.input}', which the host supplies`,
      { ...emit.place, hint: 'let another population spike' },
    );
  }

  /** A shift by a constant zero onto the same register does nothing, unless it draws. */
  function isIdle({ mnemonic, operands: [target, source, amount] }: Instruction): boolean {
    const operation = operationNamed(mnemonic);
    if (operation.group !== 'shift' || operation.draws || operation.operands.length !== 3) return false;
    if (target?.is !== 'register' || source?.is !== 'register' || target.register !== source.register)
      return false;
    const amounts =
      amount?.is === 'number' ? [amount.value] : amount?.is === 'parameter' ? values.get(amount.name) : [];
    return amounts !== undefined && amounts.length > 0 && amounts.every((value) => value === 0);
  }

  function indexOf(name: FieldName, place: Place): number {
    const owner = owners[name.role] ?? '';
    return fieldIndex(fields, `${owner}.${name.field}`, (message, hint) => {
      throw new PlasticoreError('microcode', `${formatField(name)}: ${message}`, {
        ...place,
        hint: `${hint} (kernel '${kernel.name}' over ${use.over})`,
      });
    });
  }

  function draftOf(name: FieldName, place: Place): FieldDraft {
    const draft = fields[indexOf(name, place)];
    if (draft === undefined) throw new Error(`no field ${formatField(name)}`);
    return draft;
  }

  function isCounter(name: FieldName): boolean {
    return name.role === 'host' || name.role === 'ev' || name.field === indexField;
  }

  function kindOf(name: FieldName): NumberKind {
    if (name.role === 'ev') return eventScalarOf(name).kind;
    return isCounter(name) ? 'integer' : draftOf(name, placeOf(name)).kind;
  }

  function rangeOf(name: FieldName): Interval {
    if (name.role === 'host') {
      if (name.field === 'step') return interval(0, spec.steps - 1);
      // A label names an item of the readout.
      const [readout = ''] = spec.readout?.split('.') ?? [];
      return interval(0, Math.max(0, (spec.populations[readout]?.size ?? 1) - 1));
    }
    if (name.role === 'ev') {
      const { low, high } = eventScalarOf(name);
      return interval(low, high);
    }
    if (name.field === indexField)
      return interval(0, (spec.populations[owners[name.role] ?? '']?.size ?? 1) - 1);
    const draft = draftOf(name, placeOf(name));
    const { low, high } = fieldRange(draft);
    return interval(low, high);
  }

  function eventScalarOf({ field }: FieldName): ResolvedScalar {
    const found = scalars.find(({ name }) => name === field);
    if (found !== undefined) return found;
    throw new PlasticoreError('microcode', `program '${spec.name}' has no event scalar '${field}'`, {
      ...placeOf({ role: 'ev', field }),
      hint: suggest(
        field,
        scalars.map(({ name }) => name),
      ),
    });
  }

  /** Where the kernel first names a field. */
  function placeOf(name: FieldName): Place {
    const line = kernel.body.find(({ operands }) =>
      operands.some(
        (operand) => operand.is === 'field' && operand.role === name.role && operand.field === name.field,
      ),
    );
    return line?.place ?? kernel.place;
  }

  function analyseOverSchedule(): InstructionRange[] {
    const snapshots = parameters.epochs.map((_, index) =>
      analyseRanges(body, kinds, {
        datapathBits: hw.datapathBits,
        realsAreFloats: hw.arithmetic === 'float32',
        rangeOf,
        parameter: (name) => values.get(name)?.[index] ?? 0,
        generator: (name, { place }) => wordRange(generatorOf(name, place)),
        rowLength,
      }),
    );
    return snapshots.reduce((all, next) =>
      all.map((range, line) => {
        const other = next[line] ?? range;
        const both = range.result !== undefined && other.result !== undefined;
        return {
          result: both && range.result && other.result ? join(range.result, other.result) : range.result,
          widthBits: Math.max(range.widthBits, other.widthBits),
        };
      }),
    );
  }

  function generatorOf(name: string, place: Place): Generator {
    const found = hw.generators.find((generator) => generator.name === name);
    if (found !== undefined) return found;
    const names = hw.generators.map((generator) => generator.name);
    throw new PlasticoreError('microcode', `hw-model '${hw.name}' declares no generator '${name}'`, {
      ...place,
      hint: suggest(name, names),
    });
  }

  function bindOperand(operand: Operand): ImageOperand {
    switch (operand.is) {
      case 'register':
      case 'number':
        return operand;
      case 'parameter': {
        const isOwn = operand.name in use.with;
        const label = isOwn ? `${kernel.name}(${use.over}).${operand.name}` : operand.name;
        return schedule.operand(label, values.get(operand.name) ?? []);
      }
      case 'generator':
        return { is: 'generator', generator: hw.generators.findIndex(({ name }) => name === operand.name) };
      case 'field':
        if (operand.role === 'host') return { is: 'host', scalar: hostScalars.indexOf(operand.field) };
        if (operand.role === 'ev') return { is: 'event', scalar: scalars.indexOf(eventScalarOf(operand)) };
        if (operand.field === indexField) return { is: 'index', role: operand.role };
        return { is: 'field', role: operand.role, field: indexOf(operand, placeOf(operand)) };
    }
  }

  /** A view is not stored into, and what one role stores no other role loads. */
  function checkRoles(): { name: FieldName; field: number; writes: boolean }[] {
    const accesses: { name: FieldName; field: number; writes: boolean; place: Place }[] = [];
    for (const { mnemonic, operands, place } of body) {
      const writes = operationNamed(mnemonic).effect.does !== 'load';
      for (const operand of operands) {
        if (operand.is !== 'field' || isCounter(operand)) continue;
        accesses.push({ name: operand, field: indexOf(operand, place), writes, place });
      }
    }
    for (const { name, field, place } of accesses.filter(({ writes }) => writes)) {
      if (fields[field]?.perWord)
        throw new PlasticoreError(
          'microcode',
          `'${formatField(name)}' is kept once for each word and is not stored into`,
          place,
        );
      if (fields[field]?.view !== undefined) {
        throw new PlasticoreError(
          'microcode',
          `'${formatField(name)}' is a view of the shadow weight and cannot be stored`,
          {
            ...place,
            hint: 'store syn.shadow: the view follows',
          },
        );
      }
      const other = accesses.find((access) => access.field === field && access.name.role !== name.role);
      if (other !== undefined) {
        throw new PlasticoreError(
          'microcode',
          `kernel '${kernel.name}' stores '${formatField(name)}' and uses the same field as '${formatField(other.name)}'`,
          { ...place, hint: `over ${use.over} both are ${fields[field]?.name}: split the kernel in two` },
        );
      }
    }
    return accesses;
  }
}
