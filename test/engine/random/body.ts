import type { HwModel } from '../../../src/hardware/index.ts';
import {
  type DomainName,
  hostScalars,
  interval,
  join,
  type NumberKind,
  type Operation,
  operationNamed,
  operations,
  type Role,
} from '../../../src/isa/index.ts';
import { conditionalSum } from './conditional.ts';
import type { Dice } from './dice.ts';
import { type KnownField, type Network, rolesOf } from './network.ts';
import { ConstantDice, exactRange, fittedRange, type Source } from './operands.ts';
import { type Held, Registers } from './registers.ts';

/** What a kernel is written for. */
export interface KernelRequest {
  readonly name: string;
  readonly domain: DomainName;
  /** The population or projection that it runs over. */
  readonly over: string;
  readonly mayEmit: boolean;
  /** Whether it has to write the shadow weight. */
  readonly writesShadow: boolean;
  /** Whether it writes post-synaptic fields alone, ungated and without draws, as a kernel that adds weights does. */
  readonly keepsToColumns: boolean;
}

/** A field through a role, such as `pre.trace`. */
interface Reach extends KnownField {
  readonly role: Role;
  readonly text: string;
}

const attempts = 4;
const forms = ['', '.s', '.w'];

/** Writes the instructions of a kernel, and keeps what is known of registers and fields. */
export class Body {
  readonly lines: string[] = [];
  readonly #dice: Dice;
  readonly #request: KernelRequest;
  readonly #hw: HwModel;
  readonly #network: Network;
  readonly #constants: ConstantDice;
  readonly #reach: readonly Reach[];
  readonly #loaded = new Set<string>();
  readonly #stored = new Set<string>();
  readonly #registers: Registers;
  #emits = false;

  constructor(dice: Dice, request: KernelRequest, hw: HwModel, network: Network) {
    this.#dice = dice;
    this.#request = request;
    this.#hw = hw;
    this.#network = network;
    this.#registers = new Registers(dice);
    this.#constants = new ConstantDice(dice, hw, network);
    this.#reach = [...rolesOf(request.domain, request.over, network)].flatMap(([role, owner]) =>
      (network.known.fields.get(owner) ?? []).map((field) => ({
        ...field,
        role,
        text: `${role}.${field.name.split('.')[1]}`,
      })),
    );
  }

  /** A gate by a field of a role. */
  gate(role: Role): string[] {
    const fields = this.#reach.filter((field) => field.role === role);
    return fields.length === 0 ? [] : [this.#dice.pick(fields).text];
  }

  write(): void {
    for (let left = this.#dice.whole(1, 4); left > 0; left--) this.#load(false);
    if (this.#registers.held.length === 0) this.#compute(operationNamed('ldi'));
    if (this.#request.writesShadow) this.#loadReal();
    for (let left = this.#dice.pick([0, 1, 2, 4, 6, 9]); left > 0; left--) {
      if (this.#dice.chance(0.15)) this.#load(!this.#request.keepsToColumns && this.#dice.chance(0.5));
      else if (this.#dice.chance(0.1)) this.#computeConditionally();
      else this.#compute(this.#dice.pick(operations.filter((operation) => this.#mayCompute(operation))));
    }
    if (this.#request.writesShadow && !this.#registers.held.some(({ kind }) => kind === 'real'))
      this.#loadReal();
    if (this.#request.writesShadow) this.#store(this.#reach.find(({ text }) => text === 'syn.shadow'));
    for (let left = this.#dice.whole(1, 3); left > 0; left--) {
      const field = this.#anyStored('store');
      if (this.#dice.chance(0.3)) this.#accumulate(field);
      else this.#store(field);
    }
    if (this.#request.mayEmit) this.#emit();
    for (let left = this.#dice.whole(0, 2); left > 0 && !this.#request.keepsToColumns; left--) this.#reduce();
    if (this.lines.length === 0) this.#compute(operationNamed('ldi'));
  }

  /** Makes sure that there is a real value to store into the shadow weight. */
  #loadReal(): void {
    const shadow = this.#reach.find(({ text }) => text === 'syn.shadow');
    if (shadow !== undefined) this.#loadField(shadow);
  }

  #load(predicated: boolean): void {
    const predicate = predicated ? this.#predicate() : undefined;
    if (predicated && predicate === undefined) return;
    const readable = this.#reach.filter((field) => this.#mayLoad(field));
    if (readable.length === 0 || this.#dice.chance(0.12)) this.#loadCounter(predicate);
    else this.#loadField(this.#dice.pick(readable), predicate);
  }

  #predicate(): Held | undefined {
    const uniform = this.#registers.held.filter(({ kind, isUniform }) => isUniform && kind !== 'real');
    return uniform.length === 0 ? undefined : this.#dice.pick(uniform);
  }

  /** What is stored through one role is not loaded through another, nor loaded once it is stored. */
  #mayLoad({ name }: Reach): boolean {
    return !this.#stored.has(name);
  }

  #mayStore({ name, role, isView }: Reach): boolean {
    const others = ['pre', 'post', 'syn', 'self'].filter((other) => other !== role);
    return (
      !isView && !this.#stored.has(name) && !others.some((other) => this.#loaded.has(`${other} ${name}`))
    );
  }

  #loadField(field: Reach, predicate?: Held): void {
    this.#loaded.add(`${field.role} ${field.name}`);
    const { kind, range, role } = field;
    this.#loadInto(field.text, { kind, range, isUniform: role === 'pre' }, predicate);
  }

  /** The item's index, or a host scalar. */
  #loadCounter(predicate: Held | undefined): void {
    const roles = rolesOf(this.#request.domain, this.#request.over, this.#network);
    const owners = [...roles].filter(([role]) => role !== 'syn');
    const [role, owner] = owners.length > 0 ? this.#dice.pick(owners) : [];
    const size = this.#network.populations[owner ?? '']?.size ?? 1;
    const scalars = hostScalars.map((scalar) => `host.${scalar}`);
    const text = this.#dice.pick(role === undefined ? scalars : [...scalars, `${role}.index`]);
    // The number of steps is not settled yet; a bound is as good.
    const labels = this.#network.populations[this.#network.readout]?.size ?? 1;
    const most = text === 'host.label' ? labels - 1 : text === 'host.step' ? 63 : size - 1;
    const isUniform = text.startsWith('host') || role === 'pre';
    this.#loadInto(text, { kind: 'integer', range: interval(0, most), isUniform }, predicate);
  }

  #loadInto(text: string, value: Omit<Held, 'register'>, predicate: Held | undefined): void {
    const register = this.#registers.target();
    if (predicate === undefined) {
      this.lines.push(`ld r${register}, ${text}`);
      this.#registers.define({ ...value, register });
    } else {
      this.lines.push(`ld.row r${register}, ${text}, r${predicate.register}`);
      this.#registers.define({ ...value, register, range: value.range && join(value.range, interval(0, 0)) });
    }
  }

  // ---- computing --------------------------------------------------------------------------------------------------

  #mayCompute({ effect, draws }: Operation): boolean {
    return effect.does === 'compute' && !(draws && this.#request.keepsToColumns);
  }

  #computeConditionally(): void {
    this.lines.push(...conditionalSum(this.#dice, this.#registers, this.#constants, this.#hw));
  }

  /** Adds an operation, in the form asked for or, where its result might leave the datapath, in another one. */
  #compute(operation: Operation): void {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const base = operation.mnemonic.replace(/\.[sw]$/, '');
      const hasForms = operations.some(({ mnemonic }) => mnemonic === `${base}.w`);
      const form = hasForms && attempt > 1 ? `${base}${this.#dice.pick(forms)}` : operation.mnemonic;
      if (this.#tryToCompute(operationNamed(form))) return;
    }
  }

  #tryToCompute(operation: Operation): boolean {
    const { effect, kinds, operands, mnemonic } = operation;
    if (effect.does !== 'compute') return false;
    const letters = new Map<string, NumberKind>();
    const kindOf = (index: number): NumberKind | undefined => {
      const pattern = kinds[index] ?? '-';
      if (pattern === '-') return undefined;
      const known = letters.get(pattern) ?? this.#dice.pick(kindsOf[pattern] ?? []);
      letters.set(pattern, known);
      return known;
    };
    const isFloat = this.#hw.arithmetic === 'float32' && [...kinds.keys()].some((i) => kindOf(i) === 'real');
    const sources: Source[] = [];
    for (let index = 1; index < operands.length; index++) {
      const kind = kindOf(index);
      const source =
        kind === undefined
          ? this.#constants.amount(mnemonic)
          : this.#source(kind, operands[index] ?? 'value', isFloat);
      if (source === undefined) return false;
      sources.push(source);
    }
    const [, low, high] = mnemonic === 'clip' ? sources : [];
    if (low !== undefined && high !== undefined && low.most > high.least) return false;
    const isKnown = !isFloat || kinds[0] === 'flag';
    const exact = exactRange(effect, sources);
    const range = isKnown ? fittedRange(exact, effect.overflow, this.#hw) : undefined;
    if (isKnown && range === undefined) return false;
    const register = this.#registers.target();
    this.lines.push(`${mnemonic} r${register}, ${sources.map(({ text }) => text).join(', ')}`);
    this.#registers.define({
      register,
      kind: kindOf(0) ?? 'integer',
      range,
      isUniform: !operation.draws && sources.every(({ isUniform }) => isUniform),
    });
    return true;
  }

  #source(kind: NumberKind, shape: string, isFloat: boolean): Source | undefined {
    const fitting = this.#registers.held.filter((held) => held.kind === kind);
    const wantsRegister = shape === 'register' || (shape === 'value' && this.#dice.chance(0.75));
    if (wantsRegister && fitting.length > 0) {
      const recent = fitting.slice(this.#dice.chance(0.6) ? -2 : 0);
      const { register, range, isUniform } = this.#dice.pick(recent);
      return { text: `r${register}`, range, isUniform, least: -Infinity, most: Infinity };
    }
    return shape === 'register' ? undefined : this.#constants.constant(kind, isFloat);
  }

  // ---- storing ----------------------------------------------------------------------------------------------------

  #anyStored(does: 'store' | 'reduce'): Reach | undefined {
    const fields = this.#reach.filter(
      (field) =>
        this.#mayStore(field) &&
        (field.role === 'pre') === (does === 'reduce') &&
        (field.role === 'post' || !this.#request.keepsToColumns),
    );
    return fields.length === 0 ? undefined : this.#dice.pick(fields);
  }

  #store(field: Reach | undefined): void {
    const value = field && this.#registers.pick(({ kind }) => kind === field.kind);
    if (field === undefined || value === undefined) return;
    this.#storeRegister(value.register, field);
  }

  #storeRegister(register: number, { name, text }: Reach): void {
    const predicate = this.#dice.chance(0.2) ? this.#predicate() : undefined;
    if (predicate === undefined) this.lines.push(`st r${register}, ${text}`);
    else this.lines.push(`st.tile r${register}, ${text}, r${predicate.register}`);
    this.#stored.add(name);
  }

  /** Adds to a field, as membrane potentials and weights are added to. */
  #accumulate(field: Reach | undefined): void {
    if (field === undefined || field.kind === 'flag') return;
    this.#loadField(field);
    const latest = this.#registers.held.at(-1)?.register;
    const term = this.#registers.pick(({ kind, register }) => kind === field.kind && register !== latest);
    if (latest === undefined || term === undefined) return;
    const before = this.#registers.held;
    for (const form of ['add', 'sub', 'add.s', 'add.w']) {
      const operation = operationNamed(form);
      const { effect } = operation;
      if (effect.does !== 'compute') continue;
      const ranges = [field.range, term.range].flatMap((range) => range ?? []);
      const range =
        ranges.length < 2 ? undefined : fittedRange(effect.range(ranges), effect.overflow, this.#hw);
      if (ranges.length === 2 && (range === undefined || this.#dice.chance(0.3))) continue;
      this.lines.push(`${form} r${latest}, r${latest}, r${term.register}`);
      this.#registers.define({ register: latest, kind: field.kind, range, isUniform: false });
      break;
    }
    if (this.#registers.held === before) return;
    this.#storeRegister(latest, field);
  }

  #emit(): void {
    const value = this.#registers.pick(({ kind }) => kind !== 'real');
    if (value === undefined || this.#emits) return;
    this.lines.push(`emit r${value.register}`);
    this.#emits = true;
  }

  /** A reduce whose sum fits a register. */
  #reduce(): void {
    const field = this.#anyStored('reduce');
    const value = field && this.#registers.pick(({ kind }) => kind === field.kind && kind !== 'flag');
    if (field === undefined || value === undefined) return;
    const { range } = value;
    const rowLength = this.#network.longestRows.get(this.#request.over) ?? 1;
    if (range !== undefined && Math.max(-range.low, range.high + 1) * rowLength > 2 ** 31) return;
    this.lines.push(`reduce r${value.register}, ${field.text}`);
    this.#stored.add(field.name);
  }
}

const kindsOf: Readonly<Record<string, readonly NumberKind[]>> = {
  N: ['real', 'real', 'integer'],
  A: ['real', 'integer', 'flag'],
  B: ['integer', 'flag'],
  integer: ['integer'],
  flag: ['flag'],
};
