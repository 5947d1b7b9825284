/**
 * The words of N1's learning engine as microcode of the core. A word of the chip becomes a few lines of a kernel over
 * the synapse, so that the core computes them; nothing is interpreted here. There are no branches: what a word skips is
 * computed and not taken.
 */
import { PlasticoreError } from '../../../src/text/index.ts';

/** Words of the microcode, and of one program. Modes 0 and 1 of two factors come first, then those of three. */
const memory = 256;
const programWords = 64;

/** What the chip's registers hold when a program starts; the others hold 0. */
const loads = [
  'pre.t1',
  'pre.x2',
  'pre.t2',
  'pre.y2',
  'pre.y3',
  'post.weight',
  'post.delay',
  'post.tag',
  'post.eligibility',
  'ev.reward',
  'pre.spike_time',
];
const registers = 16;

/** The register that a store takes, and the field. */
interface Store {
  readonly register: number;
  readonly field: string;
}

const stores = new Map<number, Store>([
  [9, { register: 5, field: 'weight' }],
  [10, { register: 8, field: 'eligibility' }],
  [14, { register: 6, field: 'delay' }],
  [15, { register: 7, field: 'tag' }],
]);

type Words = Readonly<Record<string, string>>;

/** What a line takes: a number, the name of what is loaded, or the result of an earlier line. */
type Value = number | string;

interface Line {
  readonly op: string;
  readonly args: readonly Value[];
  readonly result: string | undefined;
}

/**
 * The text of the kernels `learn0` to `learn3`: the programs of two factors, modes 0 and 1, then those of three.
 * Kernels of programs that are not used do nothing.
 *
 * @param words by address, in hexadecimal
 * @param used 0 if the programs of two factors run, 1 if those of three do
 * @throws PlasticoreError `data` for a program that does not end, or that needs more registers than a kernel has
 */
export function learningText(words: Words, used: ReadonlySet<number>): string {
  const kernels = [0, 1, 2, 3].map((index) => {
    const start = programWords * index;
    const lines = used.has(index >> 1) ? translate(start, words) : new Translation().finish();
    const text = allocate(lines, start).map((line) => `  ${line}\n`);
    return `kernel learn${index} over synapse\n${text.join('')}end\n`;
  });
  return kernels.join('\n');
}

/** The lines of a program that starts at an address. */
function translate(start: number, words: Words): Line[] {
  const translation = new Translation();
  for (let address = start; address < memory; address++) {
    translation.word(Number.parseInt(words[address] ?? '0', 16));
    if (translation.hasEnded) return translation.finish();
  }
  throw new PlasticoreError('data', `the learning program at ${start} does not end`, {
    hint: 'a word with opcode 13 ends a program',
  });
}

/** Lines of microcode, each with a value of its own. */
class Translation {
  readonly #lines: Line[] = [];
  /** What each register of the chip holds. */
  readonly #values: ({ readonly load: string } | { readonly value: Value })[] = loads.map((load) => ({
    load,
  }));
  readonly #loaded = new Map<string, Value>();
  readonly #pending = new Map<number, Value>();
  /** A flag: whether the program still runs; undefined while it surely does. */
  #alive: Value | undefined;
  /** A flag: whether this word is executed because the one before it did not skip it. */
  #notSkipped: Value | undefined;
  /** Words that surely ran, and the count of the others that did. */
  #certain = 0;
  #counted: Value = 0;
  hasEnded = false;

  /** Adds a word. */
  word(word: number): void {
    const part = (low: number): number => (word >>> low) & 15;
    const [opcode, d, a, b] = [part(28), part(24), part(20), part(16)] as const;
    const mayBeSkipped = this.#notSkipped !== undefined;
    const runs = this.#both(this.#alive, this.#notSkipped);
    this.#notSkipped = undefined;
    if (runs === undefined) this.#certain += 1;
    else this.#counted = this.#line('add', this.#counted, this.#line('sel', runs, 1, 0));
    const store = stores.get(opcode);
    if (store !== undefined) this.#store(opcode, store, runs);
    else if (opcode === 11 || opcode === 12) this.#skip(opcode, a, runs);
    else if (opcode === 13) this.#end(runs, mayBeSkipped);
    else if (opcode !== 0) this.#assign(d, this.#compute(opcode, a, b, word), runs);
  }

  /** Ends the kernel: what was stored last goes to memory, with the number of words that ran. */
  finish(): Line[] {
    for (const { register, field } of stores.values()) {
      const value = this.#pending.get(register);
      if (value !== undefined) this.#effect('st', this.#inRegister(value), `post.${field}`);
    }
    const executed = this.#counted === 0 ? this.#certain : this.#line('add', this.#counted, this.#certain);
    this.#effect('st', this.#inRegister(executed), 'post.executed');
    return this.#lines;
  }

  #compute(opcode: number, a: number, b: number, word: number): Value {
    const shift = (word >>> 13) & 7;
    const [x, y] = [this.#value(a), this.#value(b)];
    switch (opcode) {
      case 1:
        return this.#wrapped('add', x, y);
      case 2:
        return this.#wrapped('sub', x, y);
      case 3:
        return this.#wrapped('sra', this.#line('mul', x, y), shift);
      case 4:
        return this.#line('sra', x, shift);
      case 5:
        return this.#wrapped('shl', x, shift);
      case 6:
        return this.#line('max', x, y);
      case 7:
        return this.#line('min', x, y);
      default:
        return (word << 16) >> 16;
    }
  }

  #store(opcode: number, { register, field }: Store, runs: Value | undefined): void {
    const value = this.#value(register);
    const stored =
      opcode === 9
        ? this.#wrapped('add', value, this.#line('and', this.#load('ev.lfsr'), 1))
        : opcode === 14
          ? this.#line('and', value, 63)
          : value;
    const before = this.#pending.get(register) ?? this.#load(`post.${field}`);
    this.#pending.set(register, this.#either(runs, stored, before));
  }

  #skip(opcode: number, a: number, runs: Value | undefined): void {
    // The flag holds where the next word is not skipped: 11 skips zeros, 12 the others.
    const goesOn = this.#line(opcode === 11 ? 'cmp.ne' : 'cmp.eq', this.#value(a), 0);
    // A skip that does not run skips nothing.
    this.#notSkipped = runs === undefined ? goesOn : this.#line('or', goesOn, this.#line('xor', runs, 1));
  }

  /** A word that ends the program unless it is skipped: what follows runs only where it was. */
  #end(runs: Value | undefined, mayBeSkipped: boolean): void {
    this.hasEnded = !mayBeSkipped;
    if (mayBeSkipped) this.#alive = this.#both(this.#alive, this.#line('xor', runs ?? 1, 1));
  }

  #assign(d: number, value: Value, runs: Value | undefined): void {
    this.#values[d] = { value: runs === undefined ? value : this.#either(runs, value, this.#value(d)) };
  }

  #value(register: number): Value {
    const held = this.#values[register];
    return held === undefined ? 0 : 'load' in held ? this.#load(held.load) : held.value;
  }

  #load(name: string): Value {
    const known = this.#loaded.get(name) ?? this.#line('ld', name);
    this.#loaded.set(name, known);
    return known;
  }

  #both(a: Value | undefined, b: Value | undefined): Value | undefined {
    return a === undefined ? b : b === undefined ? a : this.#line('and', a, b);
  }

  #either(flag: Value | undefined, value: Value, otherwise: Value): Value {
    return flag === undefined ? value : this.#line('sel', flag, value, otherwise);
  }

  /** An operation whose result wraps to 16 bits. */
  #wrapped(op: string, ...args: readonly Value[]): string {
    return this.#line('sra', this.#line('shl.w', this.#line(op, ...args), 16), 16);
  }

  #inRegister(value: Value): string {
    return typeof value === 'number' ? this.#line('ldi', value) : value;
  }

  #line(op: string, ...args: readonly Value[]): string {
    const result = `v${this.#lines.length}`;
    this.#lines.push({ op, args, result });
    return result;
  }

  #effect(op: string, ...args: readonly Value[]): void {
    this.#lines.push({ op, args, result: undefined });
  }
}

/** Gives values registers from their line to their last use. Lines whose value nobody reads are left out. */
function allocate(lines: readonly Line[], start: number): string[] {
  const lastUse = new Map<Value, number>();
  const kept: [number, Line][] = [];
  for (const [at, line] of [...lines.entries()].reverse()) {
    if (line.result !== undefined && !lastUse.has(line.result)) continue;
    kept.unshift([at, line]);
    for (const arg of line.args) if (isValue(arg) && !lastUse.has(arg)) lastUse.set(arg, at);
  }
  const free = Array.from({ length: registers }, (_, index) => `r${index}`);
  const registerOf = new Map<Value, string>();
  const held = (value: Value): string => {
    const register = registerOf.get(value);
    if (register === undefined) throw new Error(`no register holds ${value}`);
    return register;
  };
  return kept.map(([at, { op, args, result }]) => {
    const operands = args.map((arg) => (isValue(arg) ? held(arg) : arg));
    for (const arg of new Set(args)) if (lastUse.get(arg) === at) free.unshift(held(arg));
    if (result === undefined) return `${op} ${operands.join(', ')}`;
    const register = free.shift();
    if (register === undefined)
      throw new PlasticoreError(
        'data',
        `the learning program at ${start} needs more than ${registers} registers`,
        {
          hint: 'a kernel of the core has no more: keep fewer numbers at once',
        },
      );
    registerOf.set(result, register);
    return `${op} ${[register, ...operands].join(', ')}`;
  });
}

function isValue(arg: Value): boolean {
  return typeof arg === 'string' && /^v\d+$/.test(arg);
}
