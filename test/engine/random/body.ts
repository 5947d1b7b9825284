import type { HwModel } from '../../../src/hardware/index.ts';
import {
  type DomainName,
  domainNamed,
  hostScalars,
  join,
  type Operation,
  operationNamed,
  operations,
  type Role,
  valueRange,
} from '../../../src/isa/index.ts';
import { Computing, isNew } from './computing.ts';
import type { Dice } from './dice.ts';
import { type KnownField, type Network, rolesOf } from './network.ts';
import { ConstantDice, fittedRange } from './operands.ts';
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
  /** Whether it runs tile by tile of the columns, all rows of each: it has `any`, and writes synapses alone. */
  readonly isByColumns: boolean;
  /** Whether it touches no field, so that it may be suspended while it serves itself. */
  readonly isDetached: boolean;
}

/** A field through a role, such as `pre.trace`. */
interface Reach extends KnownField {
  readonly role: Role;
  readonly text: string;
}

/** Writes the instructions of a kernel, and keeps what is known of registers and fields. */
export class Body {
  readonly lines: string[] = [];
  readonly #dice: Dice;
  readonly #request: KernelRequest;
  readonly #hw: HwModel;
  readonly #network: Network;
  readonly #computing: Computing;
  readonly #reach: readonly Reach[];
  readonly #loaded = new Set<string>();
  readonly #stored = new Set<string>();
  readonly #registers: Registers;
  /** Those that kernels of the program may have. */
  readonly #operations: readonly Operation[];
  /** Declared generators that the kernel has drawn from. */
  readonly #drawn = new Set<string>();
  #emits = false;

  constructor(dice: Dice, request: KernelRequest, hw: HwModel, network: Network) {
    this.#dice = dice;
    this.#request = request;
    this.#hw = hw;
    this.#network = network;
    this.#registers = new Registers(dice);
    const constants = new ConstantDice(dice, hw, network);
    const { hasNewOperations } = network;
    this.#operations = operations.filter((one) => hasNewOperations || !isNew(one));
    this.#computing = new Computing(dice, hw, constants, this.#registers, this.#operations, this.lines);
    const roles = request.isDetached ? [] : rolesOf(request.domain, request.over, network);
    this.#reach = [...roles].flatMap(([role, owner]) =>
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
    if (this.#registers.held.length === 0) this.#computing.compute(operationNamed('ldi'));
    if (this.#request.isByColumns && this.#dice.chance(0.7)) this.#any();
    if (this.#request.writesShadow) this.#loadReal();
    for (let left = this.#dice.pick([0, 1, 2, 4, 6, 9]); left > 0; left--) {
      if (this.#dice.chance(0.15)) this.#load(!this.#request.keepsToColumns && this.#dice.chance(0.5));
      else if (this.#hw.generators.length > 0 && this.#dice.chance(0.2)) this.#draw();
      else if (this.#request.isByColumns && this.#dice.chance(0.4)) this.#any();
      else if (this.#dice.chance(0.1)) this.#computing.computeConditionally();
      else
        this.#computing.compute(
          this.#dice.pick(this.#operationsToPick().filter((operation) => this.#mayCompute(operation))),
        );
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
    const mayReduce = !this.#request.keepsToColumns && !this.#request.isByColumns;
    for (let left = this.#dice.whole(0, 2); left > 0 && mayReduce; left--) this.#reduce();
    if (this.lines.length === 0) this.#computing.compute(operationNamed('ldi'));
  }

  /** Makes sure that there is a real value to store into the shadow weight. */
  #loadReal(): void {
    const shadow = this.#reach.find(({ text }) => text === 'syn.shadow');
    if (shadow !== undefined) this.#loadField(shadow);
  }

  #load(predicated: boolean): void {
    const predicate = predicated ? this.#predicate('row') : undefined;
    if (predicated && predicate === undefined) return;
    // By columns, many synapses of a tile share what a row or a column has: its loads are not left out.
    const isPart = predicated && this.#request.isByColumns;
    const readable = this.#reach.filter((field) => this.#mayLoad(field) && (!isPart || field.role === 'syn'));
    if (readable.length === 0 || this.#dice.chance(0.12)) this.#loadCounter(predicate);
    else this.#loadField(this.#dice.pick(readable), predicate);
  }

  /** A register that holds the same for a whole row, or at least for each tile. */
  #predicate(extent: 'row' | 'tile'): Held | undefined {
    const fitting = this.#registers.held.filter(
      ({ kind, isUniform, isOfTile }) => kind !== 'real' && (isUniform || (extent === 'tile' && isOfTile)),
    );
    return fitting.length === 0 ? undefined : this.#dice.pick(fitting);
  }

  /** A word of a declared generator: of one that serves a part of the lanes only once. */
  #draw(): void {
    if (this.#request.keepsToColumns) return;
    const { lanes, generators } = this.#hw;
    const isSingle = domainNamed(this.#request.domain).single;
    const offered = generators.filter(
      ({ name, lanes: served }) => isSingle || served === lanes || !this.#drawn.has(name),
    );
    if (offered.length === 0) return;
    const { name, wordBits } = this.#dice.pick(offered);
    const predicate = this.#dice.chance(0.5)
      ? this.#registers.pick(({ kind }) => kind !== 'real')
      : undefined;
    const register = this.#registers.target();
    this.lines.push(
      predicate === undefined
        ? `draw r${register}, ${name}`
        : `draw.if r${register}, ${name}, r${predicate.register}`,
    );
    this.#drawn.add(name);
    const range = wordBits === 32 ? valueRange(-(2 ** 31), 2 ** 31 - 1) : valueRange(0, 2 ** wordBits - 1);
    this.#registers.define({ register, kind: 'integer', range, isUniform: false, isOfRow: true });
  }

  /** Whether any item of a tile has a value, which must be known before the first row. */
  #any(): void {
    const value = this.#registers.pick(({ kind, isOfRow }) => kind !== 'real' && isOfRow === false);
    if (value === undefined) return;
    const register = this.#registers.target();
    this.lines.push(`any r${register}, r${value.register}`);
    const extent = { isUniform: false, isOfTile: true, isOfRow: false };
    this.#registers.define({ register, kind: 'flag', range: valueRange(0, 1), ...extent });
  }

  /** What is stored through one role is not loaded through another, nor loaded once it is stored. */
  #mayLoad({ name }: Reach): boolean {
    return !this.#stored.has(name);
  }

  #mayStore({ name, role, isView }: Reach): boolean {
    if (this.#request.isByColumns && role !== 'syn') return false;
    const others = ['pre', 'post', 'syn', 'self'].filter((other) => other !== role);
    return (
      !isView && !this.#stored.has(name) && !others.some((other) => this.#loaded.has(`${other} ${name}`))
    );
  }

  #loadField(field: Reach, predicate?: Held): void {
    this.#loaded.add(`${field.role} ${field.name}`);
    const { kind, range, role } = field;
    const isOfRow = role === 'pre' || role === 'syn';
    this.#loadInto(field.text, { kind, range, isUniform: role === 'pre', isOfRow }, predicate);
  }

  /** The item's index, or a host scalar. */
  #loadCounter(predicate: Held | undefined): void {
    const roles = rolesOf(this.#request.domain, this.#request.over, this.#network);
    const owners = [...roles].filter(([role]) => role !== 'syn');
    const [role, owner] = owners.length > 0 ? this.#dice.pick(owners) : [];
    const size = this.#network.populations[owner ?? '']?.size ?? 1;
    const eventScalar = this.#network.scalars.length > 0 && this.#dice.chance(0.5);
    if (eventScalar) {
      const { name, kind, low, high } = this.#dice.pick(this.#network.scalars);
      const value = { kind, range: valueRange(low, high), isUniform: true, isOfRow: false };
      this.#loadInto(`ev.${name}`, value, this.#request.isByColumns ? undefined : predicate);
      return;
    }
    const scalars = hostScalars.map((scalar) => `host.${scalar}`);
    const text = this.#dice.pick(role === undefined ? scalars : [...scalars, `${role}.index`]);
    // The number of steps is not settled yet; a bound is as good.
    const most = text === 'host.label' ? this.#network.mostLabel : text === 'host.step' ? 63 : size - 1;
    const isHost = text.startsWith('host');
    // A number that is asked for is a float on a float32 core.
    const isAsked = text === 'host.label' && this.#network.regressionBits !== undefined;
    const value = {
      kind: isAsked ? 'real' : 'integer',
      range: isAsked && this.#hw.arithmetic === 'float32' ? undefined : valueRange(0, most),
      isUniform: isHost || role === 'pre',
    } as const;
    const isOfRow = !isHost && role === 'pre';
    this.#loadInto(text, { ...value, isOfRow }, this.#request.isByColumns ? undefined : predicate);
  }

  #loadInto(text: string, value: Omit<Held, 'register'>, predicate: Held | undefined): void {
    const register = this.#registers.target();
    if (predicate === undefined) {
      this.lines.push(`ld r${register}, ${text}`);
      this.#registers.define({ ...value, register });
    } else {
      this.lines.push(`ld.row r${register}, ${text}, r${predicate.register}`);
      this.#registers.define({
        ...value,
        register,
        range: value.range && join(value.range, valueRange(0, 0)),
      });
    }
  }

  /** Where there are new operations, they are picked more often than others. */
  #operationsToPick(): readonly Operation[] {
    const { hasNewOperations } = this.#network;
    return hasNewOperations && this.#dice.chance(0.25) ? operations.filter(isNew) : this.#operations;
  }

  #mayCompute({ mnemonic, effect, draws }: Operation): boolean {
    const { keepsToColumns, isByColumns } = this.#request;
    // Programs with fields with positions have `floor` and `real`, so that the others are what they were.
    const isKnown = effect.does === 'compute' && mnemonic !== 'floor' && mnemonic !== 'real';
    return isKnown && !(draws && (keepsToColumns || isByColumns));
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
    const chance = this.#request.isByColumns ? 0.5 : 0.2;
    const predicate = this.#dice.chance(chance) ? this.#predicate('tile') : undefined;
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

  /** A reduce whose sum fits a register, or, for every third register, the largest of the row. */
  #reduce(): void {
    const field = this.#anyStored('reduce');
    const value = field && this.#registers.pick(({ kind }) => kind === field.kind && kind !== 'flag');
    if (field === undefined || value === undefined) return;
    const { range } = value;
    const rowLength = this.#network.longestRows.get(this.#request.over) ?? 1;
    if (range !== undefined && Math.max(-range.low, range.high + 1) * rowLength > 2 ** 31) return;
    // No throw of the dice: seeds keep their programs.
    const suffix = value.register % 3 === 0 ? '.max' : '';
    this.lines.push(`reduce${suffix} r${value.register}, ${field.text}`);
    this.#stored.add(field.name);
  }
}
