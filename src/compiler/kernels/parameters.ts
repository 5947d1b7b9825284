import type { EventScalar, ImageOperand, Parameter, RangedProgram } from '../../image/index.ts';
import {
  eventScalars,
  type FieldName,
  formatField,
  indexField,
  integerRange,
  type NumberKind,
  valueField,
} from '../../isa/index.ts';
import { refuse } from '../../program/index.ts';
import { Faults, nearest, type Place, PlasticoreError, suggest } from '../../text/index.ts';
import { type FieldDraft, fieldIndex } from '../fields/index.ts';
import type { KernelUse } from '../lists/index.ts';
import { payloadKind } from '../payloads.ts';
import type { CompileTarget } from '../target.ts';

/** Values of a kernel's parameters by name, one per interval of the schedule. */
export type ParameterValues = ReadonlyMap<string, readonly number[]>;

/**
 * The values of the parameters in a kernel's text, `#rate`: those that `with` gives to this use of the kernel, else the
 * program's.
 *
 * @throws PlasticoreError for names that neither defines, and for values that are not 32-bit integers
 */
export function parameterValues(use: KernelUse, target: CompileTarget): ParameterValues {
  const faults = new Faults();
  const values = new Map<string, readonly number[]>();
  for (const { operands, place } of use.kernel.body) {
    for (const operand of operands)
      if (operand.is === 'parameter')
        faults.attempt(() => values.set(operand.name, valuesOf(operand.name, place, use, target)));
  }
  faults.throwIfAny();
  return values;
}

/**
 * Refuses a value of `with` that the kernel does not read: the name may be misspelled, or the kernel may have replaced
 * another one that read it.
 */
export function checkRead(
  { kernel, path, with: given }: KernelUse,
  values: ParameterValues,
  target: CompileTarget,
): void {
  const unread = Object.keys(given).find((name) => !values.has(name));
  if (unread === undefined) return;
  const near = nearest(unread, [...values.keys()]);
  const read = values.size === 0 ? 'none' : [...values.keys()].map((name) => `#${name}`).join(', ');
  refuse(
    target.program,
    [...path, 'with', unread],
    `kernel '${kernel.name}' does not read '#${unread}' (it reads ${read})`,
    near === undefined
      ? `leave '${unread}' out of 'with', or use #${unread} in the kernel, at ${kernel.place.file}:${kernel.place.line}`
      : `did you mean '${near}'?`,
  );
}

function valuesOf(name: string, place: Place, use: KernelUse, target: CompileTarget): readonly number[] {
  const { program, parameters } = target;
  const own = use.with[name];
  if (own === undefined && !parameters.names.includes(name)) {
    throw new PlasticoreError(
      'microcode',
      `parameter '#${name}' is not defined: neither by 'with' nor by program '${program.spec.name}'`,
      { ...place, hint: suggest(name, [...Object.keys(use.with), ...parameters.names]) },
    );
  }
  const where = own === undefined ? parameters.placeOf(name) : program.locate([...use.path, 'with', name]);
  const values = parameters.valuesOf(own ?? name, where);
  const wrong = values.find((value) => !Number.isInteger(value) || Math.abs(value) >= 2 ** 31);
  if (wrong === undefined) return values;
  throw new PlasticoreError(
    'invalid-value',
    `parameter '${name}' is ${wrong}; microcode takes whole numbers of 32 bits`,
    where,
  );
}

/** The parameters that change with the epoch, collected while kernels are bound. */
export class Schedule {
  readonly parameters: Parameter[] = [];

  /** The operand for a parameter with these values: a number if they are equal, else an entry of the schedule. */
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

/** A scalar of the named events, with its kind of number. */
export interface ResolvedScalar extends EventScalar {
  readonly kind: 'integer' | 'flag';
}

/** The scalars of a program's named events: the built-in ones, then those that the program declares. */
export function resolveScalars({ program, parameters, hw }: CompileTarget): ResolvedScalar[] {
  const { populations, events } = program.spec;
  const largest = Math.max(...Object.values(populations).map(({ size }) => size));
  const named = eventScalars.map((name) => ({ name, kind: 'integer' as const, low: 0, high: largest - 1 }));
  const declared = Object.entries(events.scalars).map(([name, { kind, bits, signed }]): ResolvedScalar => {
    const path = ['events', 'scalars', name];
    if (eventScalars.includes(name)) refuse(program, path, `every named event has '${name}' already`);
    if (kind === 'flag') return { name, kind, low: 0, high: 1 };
    if (bits === undefined) return refuse(program, path, 'expected its bits');
    const width = parameters.whole(bits, 1, 'bits', program.locate([...path, 'bits']));
    const most = hw.datapathBits - (signed ? 0 : 1);
    if (width > most) refuse(program, path, `bits: the datapath holds at most ${most}, found ${width}`);
    return { name, kind, ...integerRange(width, signed) };
  });
  return [...named, ...declared];
}

/** The names to which kernels are bound: the fields and event scalars of a program on a core. */
export interface Bindings {
  readonly target: CompileTarget;
  readonly fields: readonly FieldDraft[];
  readonly scalars: readonly ResolvedScalar[];
  /** The facts on which the ranges of operands depend. */
  readonly ranged: RangedProgram;
}

/** Resolves the names in a kernel's text for one use of it: `pre.trace`, `host.label`, `ev.neuron`, a generator. */
export class KernelNames {
  readonly #use: KernelUse;
  readonly #bindings: Bindings;
  readonly #owners: Readonly<Record<string, string>>;

  constructor(use: KernelUse, bindings: Bindings) {
    this.#use = use;
    this.#bindings = bindings;
    const projection = bindings.target.program.spec.projections[use.over];
    this.#owners =
      projection === undefined
        ? { self: use.over }
        : { pre: projection.from, post: projection.to, syn: use.over };
  }

  /** Looks up every name in the kernel's text. @throws PlasticoreError with all that are unknown */
  check(): void {
    const faults = new Faults();
    const { rowGate, columnGate, place, body } = this.#use.kernel;
    for (const gate of [rowGate, columnGate])
      if (gate !== undefined) faults.attempt(() => this.fieldIndex(gate, place));
    for (const { operands, place: line } of body) {
      for (const operand of operands) {
        if (operand.is === 'generator') faults.attempt(() => this.generatorIndex(operand.name, line));
        if (operand.is !== 'field') continue;
        if (this.isPayload(operand)) faults.attempt(() => this.payloadKind(line));
        else if (operand.role === 'ev') faults.attempt(() => this.eventScalar(operand));
        else if (!this.isCounter(operand)) faults.attempt(() => this.fieldIndex(operand, line));
      }
    }
    faults.throwIfAny();
  }

  /** The index of the field that a name refers to. */
  fieldIndex(name: FieldName, place: Place): number {
    const owner = this.#owners[name.role] ?? '';
    const { kernel, over } = this.#use;
    return fieldIndex(this.#bindings.fields, `${owner}.${name.field}`, (message, hint) => {
      throw new PlasticoreError('microcode', `${formatField(name)}: ${message}`, {
        ...place,
        hint: `${hint} (kernel '${kernel.name}' over ${over})`,
      });
    });
  }

  /** Whether a name refers to a number outside the banks: from the host, from an event, or an item's index. */
  isCounter(name: FieldName): boolean {
    return name.role === 'host' || name.role === 'ev' || name.field === indexField;
  }

  /** Whether a name refers to the value that a spike carries: without named events, events are spikes. */
  isPayload({ role, field }: FieldName): boolean {
    const { events } = this.#bindings.target.program.spec;
    return role === 'ev' && field === valueField && Object.keys(events.on).length === 0;
  }

  /** The kind of the value that the spike carries which runs the kernel. */
  payloadKind(place: Place = this.#use.kernel.place): NumberKind {
    const { target } = this.#bindings;
    const { kernel, over } = this.#use;
    const source = target.program.spec.projections[over]?.from ?? over;
    const kind = payloadKind(target, source);
    if (kind !== undefined) return kind;
    throw new PlasticoreError('microcode', `ev.value: spikes of '${source}' carry no value`, {
      ...place,
      hint: `populations.${source}.payload says what they carry (kernel '${kernel.name}' over ${over})`,
    });
  }

  kindOf(name: FieldName): NumberKind {
    if (this.isPayload(name)) return this.payloadKind();
    if (name.role === 'ev') return this.eventScalar(name).kind;
    if (this.#isAskedFor(name)) return 'real';
    return this.isCounter(name) ? 'integer' : this.#draftOf(name).kind;
  }

  /** Whether a name refers to the number that a sample asks for. */
  #isAskedFor({ role, field }: FieldName): boolean {
    return (
      role === 'host' && field === 'label' && this.#bindings.target.program.spec.regression !== undefined
    );
  }

  eventScalar({ field }: FieldName): ResolvedScalar {
    const { scalars, target } = this.#bindings;
    const found = scalars.find(({ name }) => name === field);
    if (found !== undefined) return found;
    const names = scalars.map(({ name }) => name);
    throw new PlasticoreError(
      'microcode',
      `program '${target.program.spec.name}' has no event scalar '${field}'`,
      { ...this.placeOf({ role: 'ev', field }), hint: suggest(field, names) },
    );
  }

  /** The index of a generator that the hw-model declares. */
  generatorIndex(name: string, place: Place): number {
    const { hw } = this.#bindings.target;
    const found = hw.generators.findIndex((generator) => generator.name === name);
    if (found >= 0) return found;
    const names = hw.generators.map((generator) => generator.name);
    throw new PlasticoreError('microcode', `hw-model '${hw.name}' declares no generator '${name}'`, {
      ...place,
      hint: suggest(name, names),
    });
  }

  /** The place where the kernel first names a field. */
  placeOf(name: FieldName): Place {
    const { kernel } = this.#use;
    const line = kernel.body.find(({ operands }) =>
      operands.some(
        (operand) => operand.is === 'field' && operand.role === name.role && operand.field === name.field,
      ),
    );
    return line?.place ?? kernel.place;
  }

  #draftOf(name: FieldName): FieldDraft {
    const draft = this.#bindings.fields[this.fieldIndex(name, this.placeOf(name))];
    if (draft === undefined) throw new Error(`no field ${formatField(name)}`);
    return draft;
  }
}
