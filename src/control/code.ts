import { type Path, PlasticoreError } from '../text/index.ts';
import {
  call,
  expression,
  type FunctionBuilder,
  f64,
  i32,
  type Local,
  ModuleBuilder,
  select,
  type Value,
} from '../wasm/index.ts';
import type { Cores } from './door.ts';
import { importHost } from './host.ts';
import { bytesPerCell, type Cells, type Queue, type StateLayout } from './layout.ts';
import { asDouble, asWord, constant, mostSafe, type Num, NumMeaning, unbounded, wordNum } from './numbers.ts';

/** An error of a controller at fault. @param where the place in the controller */
export function fault(where: string, message: string, hint?: string): PlasticoreError {
  return new PlasticoreError('run', `controller: ${where}: ${message}`, { hint });
}

/** What code throws: made of the numbers that it found. */
type MakesFault = (found: number, other: number) => PlasticoreError;

/** The bits of a spike's address that are its neuron, where it carries nothing. */
const neuronBits = 2 ** 24 - 1;

/** A number in a variable of its own, which can be read any number of times. */
export type Kept = Num & { readonly code: Local<'i32'> | Local<'f64'> };

/** Collects what is used of the program, in place of code that runs. */
export interface Uses {
  readonly events: Set<string>;
  readonly fields: Set<string>;
  /** Whether inputs may be told that the chip learns. */
  readonly learns: boolean;
}

/** The function of an input that is being written, and its variables. */
interface InputCode {
  readonly f: FunctionBuilder;
  readonly clock: Local<'f64'>;
  readonly core: Local<'i32'>;
  /** Visits that have been made. */
  readonly made: Local<'i32'>;
}

/** A module under construction, the code of a controller: what its parts share. */
export class ControllerCode {
  readonly module = new ModuleBuilder();
  readonly meaning: NumMeaning;
  readonly host: ReturnType<typeof importHost>;
  readonly layout: StateLayout;
  /** Absent if the controller is only checked: names of the program are then taken as they are. */
  readonly cores: Cores | undefined;
  readonly uses: Uses | undefined;
  readonly faults: MakesFault[] = [];
  /** What is read of the program, each with its place. */
  readonly reads: { readonly field: number; readonly name: string; readonly where: string }[] = [];
  /** Where the scalars of events are, and how far those of two cores are apart. */
  readonly scalars: number;
  readonly scalarBytes: number;
  readonly #report: (path: Path, message: string, hint?: string) => void;
  /** Where spikes are kept, by how many others are. */
  readonly #lists: number[] = [];
  #input: InputCode | undefined;

  constructor(
    layout: StateLayout,
    cores: Cores | undefined,
    report: (path: Path, message: string, hint?: string) => void,
    uses?: Uses,
  ) {
    this.layout = layout;
    this.cores = cores;
    this.uses = uses;
    this.#report = report;
    this.meaning = new NumMeaning(this.module);
    this.host = importHost(this.module, cores);
    this.module.importMemory('host', 'memory', 1);
    const count = cores?.scalars.length ?? 0;
    this.scalarBytes = 4 * count;
    this.scalars = cores?.direct?.scalars ?? layout.words(count * layout.cores);
  }

  /** Tells of what is wrong with the controller. */
  report(path: Path, message: string, hint?: string): void {
    this.#report(path, message, hint);
  }

  /** Writes the function of an input, which takes some doubles and keeps the clock in a variable. */
  input(name: string, place: number, takes: number, write: (given: readonly Local<'f64'>[]) => void): void {
    const params = Array<'f64'>(takes).fill('f64');
    const handle = this.module.function(name, { params, results: [] }, (f, ...given) => {
      const { clock } = this.layout;
      this.#input = { f, clock: f.local('f64'), core: f.local('i32'), made: f.local('i32') };
      f.set(this.clock, f64.load(0, clock));
      this.#watched(() => f.call(this.host.input, place, this.clock));
      write(given);
      f.do(f64.store(0, this.clock, clock));
      this.#watched(() => f.call(this.host.input, -1, this.clock));
    });
    this.module.export(name, handle);
  }

  /** Counts what comes to a queue (above 0), leaves it (below), or finds no room (0), and tells who watches. */
  moved({ index }: Queue, change: Num): void {
    const { pushes, pops, drops } = this.layout;
    if (change.constant === 0) this.add(drops, constant(1));
    else if (change.low < 0) this.add(pops, this.meaning.unary('-', change));
    else this.add(pushes, change);
    this.#watched(() => this.f.call(this.host.queue, index, asDouble(change), this.clock));
  }

  #watched(tell: () => void): void {
    this.f.if(i32.load(0, this.layout.isWatched), tell);
  }

  get #present(): InputCode {
    if (this.#input === undefined) throw new Error('code is of an input');
    return this.#input;
  }

  get f(): FunctionBuilder {
    return this.#present.f;
  }

  get clock(): Local<'f64'> {
    return this.#present.clock;
  }

  /** The core in which visits take place. */
  get core(): Local<'i32'> {
    return this.#present.core;
  }

  get made(): Local<'i32'> {
    return this.#present.made;
  }

  /** Adds cycles to the clock. */
  pass(cycles: Num): void {
    if (cycles.constant !== 0) this.f.set(this.clock, f64.add(this.clock, asDouble(cycles)));
  }

  /** Evaluates a number into a variable. */
  keep(num: Num): Kept {
    const { f } = this;
    return { ...num, code: num.code.type === 'i32' ? f.keep(num.code) : f.keep(num.code) };
  }

  fail(make: MakesFault, found: Value<'f64'> | number = 0, other: Value<'f64'> | number = 0): void {
    this.faults.push(make);
    this.f.call(this.host.fail, i32.const(this.faults.length - 1), found, other);
  }

  /** A number that has to be whole, within bounds. @returns it, in its own type */
  whole(num: Num, make: MakesFault, low = -mostSafe, high = mostSafe): Num {
    if (num.isWhole && num.low >= low && num.high <= high) return num;
    const bounds = { low: Math.max(num.low, low), high: Math.min(num.high, high), isWhole: true };
    const { f } = this;
    const { code: given } = num;
    if (given.type === 'i32') {
      const code = expression('i32', () => {
        const kept = f.keep(given);
        const isOutside = i32.or(
          kept.isBelow(Math.max(low, -(2 ** 31))),
          kept.isAbove(Math.min(high, 2 ** 31 - 1)),
        );
        f.if(isOutside, () => this.fail(make, f64.convert_i32_s(kept)));
        f.get(kept);
      });
      return { ...bounds, code };
    }
    const code = expression('f64', () => {
      const kept = f.keep(given);
      const isWithin = i32.and(f64.ge(kept, low), f64.le(kept, high));
      const isWhole = num.isWhole ? isWithin : i32.and(isWithin, f64.eq(f64.floor(kept), kept));
      f.if(isWhole.isZero(), () => this.fail(make, kept));
      f.get(kept);
    });
    return { ...bounds, code };
  }

  /** A number that has to be a word within bounds. */
  word(num: Num, make: MakesFault, low: number, high: number): Num {
    const whole = this.whole(num, make, low, high);
    const { code } = whole;
    return { ...whole, code: code.type === 'i32' ? code : i32.trunc_sat_f64_s(code) };
  }

  /** A number as a word from 0 to below a limit. */
  index(num: Num, limit: number, make: MakesFault): Num {
    return this.word(num, make, 0, limit - 1);
  }

  /** Where a scalar of events is: an address, and what is added to it. */
  scalar(index: number): readonly [address: Value<'i32'> | number, offset: number] {
    const offset = this.scalars + 4 * index;
    return [this.layout.cores === 1 ? 0 : this.core.times(this.scalarBytes), offset];
  }

  /**
   * Has the spikes of the present core's latest event at hand, which what they cause may replace.
   *
   * @param depth how many others are at hand
   * @returns what each is, by its place
   */
  takeSpikes(depth: number, count: Local<'i32'>) {
    const { f, host } = this;
    const { neurons, mostSpikes = 0 } = this.cores?.direct ?? {};
    if (neurons === undefined) {
      f.call(host.take, depth, this.core, count);
      return {
        neuron: (place: Local<'i32'>) => call(host.neuron, depth, place).as('i32'),
        value: (place: Local<'i32'>) => unbounded(call(host.carried, depth, place).as('f64')),
      };
    }
    const list = this.#lists[depth] ?? this.layout.words(mostSpikes);
    this.#lists[depth] = list;
    const byte = f.local('i32');
    f.set(byte, 0);
    f.loop((again) => {
      f.do(i32.store(byte, i32.load(byte, neurons).and(neuronBits), list));
      f.set(byte, byte.plus(4));
      f.brIf(again, byte.isBelow(count.shiftLeft(2)));
    });
    return {
      neuron: (place: Local<'i32'>) => i32.load(place.shiftLeft(2), list),
      value: () => constant(0),
    };
  }

  /** A number of some cells whose code is written only where it is evaluated. */
  lazily({ type, low, high }: Cells, make: () => Num): Num {
    const write = (): void => make().code.writeTo(this.f);
    const code = type === 'i32' ? expression('i32', write) : expression('f64', write);
    return { code, low, high, isWhole: true };
  }

  load(cells: Cells, index: Num, core: Value<'i32'> = this.core): Num {
    const [address, offset] = this.#place(cells, index, core);
    const { low, high } = cells;
    if (cells.type === 'i32') return wordNum(i32.load(address, offset), low, high);
    return { code: f64.load(address, offset), low, high, isWhole: true };
  }

  /** Stores a whole number, wrapped to the width. */
  store(cells: Cells, index: Num, value: Num): void {
    const [address, offset] = this.#place(cells, index, this.core);
    const fitted = this.#fit(value, cells);
    this.f.do(
      fitted.type === 'i32' ? i32.store(address, fitted, offset) : f64.store(address, fitted, offset),
    );
  }

  /** Adds to one of the layout's doubles. */
  add(address: number, amount: Num): void {
    this.f.do(f64.store(0, f64.add(f64.load(0, address), asDouble(amount)), address));
  }

  /** Where the entry of a queue is, by its position from the head. */
  place(queue: Queue, slot: Kept, position: Num, where: string, core = this.core): Num {
    const { f } = this;
    const { depth, slots } = queue;
    const code = expression('i32', () => {
      const kept = f.keep(asWord(position));
      const length = f.keep(asWord(this.load(queue.lengths, slot, core)));
      f.if(kept.isAtLeast(length), () =>
        this.fail(
          (found, held) => fault(where, `there is no entry ${found}: the queue holds ${held}`),
          f64.convert_i32_s(kept),
          f64.convert_i32_s(length),
        ),
      );
      f.put('i32', this.#ring(queue, slot, kept, core));
    });
    return wordNum(code, 0, depth * slots - 1);
  }

  /** The place so far behind the head. */
  #ring(queue: Queue, slot: Kept, behind: Local<'i32'>, core: Value<'i32'>): Value<'i32'> {
    const { f } = this;
    const { depth, heads } = queue;
    const sum = f.keep(asWord(this.load(heads, slot, core)).plus(behind));
    return asWord(slot)
      .times(depth)
      .plus(select(sum.isAtLeast(depth), sum.minus(depth), sum));
  }

  /** The place of a new entry, which there is room for. */
  append(queue: Queue, slot: Kept, length: Local<'i32'>): Num {
    const place = this.f.keep(this.#ring(queue, slot, length, this.core));
    this.store(queue.lengths, slot, wordNum(length.plus(1), 0, queue.depth));
    return wordNum(place, 0, queue.depth * queue.slots - 1);
  }

  /** Where one of some cells lies: an address, and what is added to it. */
  #place(
    cells: Cells,
    index: Num,
    core: Value<'i32'>,
  ): readonly [address: Value<'i32'> | number, offset: number] {
    const { address, size, isShared } = cells;
    const bytes = bytesPerCell(cells);
    const ofCore = isShared || this.layout.cores === 1 ? undefined : core.times(size * bytes);
    if (index.constant !== undefined) return [ofCore ?? 0, address + index.constant * bytes];
    const own = asWord(index).times(bytes);
    return [ofCore === undefined ? own : ofCore.plus(own), address];
  }

  /** A whole number, wrapped to the width of cells. */
  #fit(num: Num, { type, bits, signed = false, low, high }: Cells): Value<'i32'> | Value<'f64'> {
    const isWithin = num.low >= low && num.high <= high;
    if (type === 'i32') {
      const code = asWord(this.meaning.toWord(num));
      if ((isWithin && num.code.type === 'i32') || bits === 32) return code;
      return signed ? i32.shr_s(code.shiftLeft(32 - bits), 32 - bits) : code.and(2 ** bits - 1);
    }
    if (isWithin) return asDouble(num);
    const span = 2 ** bits;
    return expression('f64', () => {
      const { f } = this;
      const value = f.keep(asDouble(num));
      const turns = f64.floor(f64.mul(value, 1 / span));
      const rest = f.keep(f64.sub(value, f64.mul(turns, span)));
      f.put('f64', signed ? select(f64.gt(rest, high), f64.sub(rest, span), rest) : rest);
    });
  }
}
