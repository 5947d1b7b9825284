/**
 * The words of N1's learning engine as microcode of the core. A word of the chip becomes a few lines of a kernel over
 * the synapse, so that the core computes them; nothing is interpreted here. There are no branches: what a word skips is
 * computed and not taken.
 */
import { PlasticoreError } from 'plasticore/chips';

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
const stores = new Map([
  [9, { register: 5, field: 'weight' }],
  [10, { register: 8, field: 'eligibility' }],
  [14, { register: 6, field: 'delay' }],
  [15, { register: 7, field: 'tag' }],
]);

/**
 * The text of the kernels `learn0` to `learn3`: the programs of two factors, modes 0 and 1, then those of three. Kernels
 * of programs that are not used do nothing.
 *
 * @param {Readonly<Record<string, string>>} words by address, in hexadecimal
 * @param {ReadonlySet<number>} used 0 if the programs of two factors run, 1 if those of three do
 * @throws PlasticoreError `data` for a program that does not end, or that needs more registers than a kernel has
 */
export function learningText(words, used) {
  const kernels = [0, 1, 2, 3].map((index) => {
    const start = programWords * index;
    const lines = used.has(index >> 1) ? translate(start, words) : new Translation().finish();
    const text = allocate(lines, start).map((line) => `  ${line}\n`);
    return `kernel learn${index} over synapse\n${text.join('')}end\n`;
  });
  return kernels.join('\n');
}

/** The lines of a program that starts at an address. */
function translate(start, words) {
  const translation = new Translation();
  for (let at = start; at < memory; at++) {
    translation.word(Number.parseInt(words[at] ?? '0', 16));
    if (translation.hasEnded) return translation.finish();
  }
  throw new PlasticoreError('data', `the learning program at ${start} does not end`, {
    hint: 'a word with opcode 13 ends a program',
  });
}

/**
 * Lines of microcode, each with a value of its own: `{op, args, result}`. An argument is a number, the name of what is
 * loaded, or the result of an earlier line.
 */
class Translation {
  /** @type {{op: string, args: readonly (number | string)[], result: string | undefined}[]} */
  #lines = [];
  /** What each register of the chip holds. */
  #values = loads.map((name) => ({ load: name }));
  #loaded = new Map();
  #pending = new Map();
  /** A flag: whether the program still runs; undefined while it surely does. */
  #alive;
  /** A flag: whether this word is executed because the one before it did not skip it. */
  #notSkipped;
  /** Words that surely ran, and the count of the others that did. */
  #certain = 0;
  #counted = 0;
  hasEnded = false;

  /** Adds a word. */
  word(word) {
    const [opcode, d, a, b] = [28, 24, 20, 16].map((low) => (word >>> low) & 15);
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
  finish() {
    for (const { register, field } of stores.values()) {
      const value = this.#pending.get(register);
      if (value !== undefined) this.#effect('st', this.#inRegister(value), `post.${field}`);
    }
    const executed = this.#counted === 0 ? this.#certain : this.#line('add', this.#counted, this.#certain);
    this.#effect('st', this.#inRegister(executed), 'post.executed');
    return this.#lines;
  }

  #compute(opcode, a, b, word) {
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

  #store(opcode, { register, field }, runs) {
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

  #skip(opcode, a, runs) {
    // The flag holds where the next word is not skipped: 11 skips zeros, 12 the others.
    const goesOn = this.#line(opcode === 11 ? 'cmp.ne' : 'cmp.eq', this.#value(a), 0);
    // A skip that does not run skips nothing.
    this.#notSkipped = runs === undefined ? goesOn : this.#line('or', goesOn, this.#line('xor', runs, 1));
  }

  /** A word that ends the program unless it is skipped: what follows runs only where it was. */
  #end(runs, mayBeSkipped) {
    this.hasEnded = !mayBeSkipped;
    if (mayBeSkipped) this.#alive = this.#both(this.#alive, this.#line('xor', runs, 1));
  }

  #assign(d, value, runs) {
    this.#values[d] = { value: runs === undefined ? value : this.#either(runs, value, this.#value(d)) };
  }

  #value(register) {
    const held = this.#values[register];
    return held === undefined ? 0 : 'load' in held ? this.#load(held.load) : held.value;
  }

  #load(name) {
    const known = this.#loaded.get(name) ?? this.#line('ld', name);
    this.#loaded.set(name, known);
    return known;
  }

  #both(a, b) {
    return a === undefined ? b : b === undefined ? a : this.#line('and', a, b);
  }

  #either(flag, value, otherwise) {
    return flag === undefined ? value : this.#line('sel', flag, value, otherwise);
  }

  /** An operation whose result wraps to 16 bits. */
  #wrapped(op, ...args) {
    return this.#line('sra', this.#line('shl.w', this.#line(op, ...args), 16), 16);
  }

  #inRegister(value) {
    return typeof value === 'number' ? this.#line('ldi', value) : value;
  }

  #line(op, ...args) {
    const result = `v${this.#lines.length}`;
    this.#lines.push({ op, args, result });
    return result;
  }

  #effect(op, ...args) {
    this.#lines.push({ op, args, result: undefined });
  }
}

/** Gives values registers from their line to their last use. Lines whose value nobody reads are left out. */
function allocate(lines, start) {
  const lastUse = new Map();
  const kept = [];
  for (const [at, line] of [...lines.entries()].reverse()) {
    if (line.result !== undefined && !lastUse.has(line.result)) continue;
    kept.unshift([at, line]);
    for (const arg of line.args) if (isValue(arg) && !lastUse.has(arg)) lastUse.set(arg, at);
  }
  const free = Array.from({ length: registers }, (_, index) => `r${index}`);
  const registerOf = new Map();
  return kept.map(([at, { op, args, result }]) => {
    const operands = args.map((arg) => (isValue(arg) ? registerOf.get(arg) : arg));
    for (const arg of new Set(args)) if (lastUse.get(arg) === at) free.unshift(registerOf.get(arg));
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

function isValue(arg) {
  return typeof arg === 'string' && /^v\d+$/.test(arg);
}
