import { type BoundKernel, type CoreImage, hexWord, kernelText, type ProgramView } from '../image/index.ts';
import { eventScalars, hostScalars, indexField, valueField } from '../isa/index.ts';
import { seedLanes } from '../random/index.ts';
import { at } from '../text/index.ts';
import { type Microcode, microcodeMemories, microcodeOf } from './encode.ts';
import type {
  Access,
  PlacedLoad,
  PlacedOperation,
  Saturation,
  SharedNumber,
  ValueSource,
} from './operation.ts';
import { type MicrocodeSchedule, scheduleMicrocode } from './schedule.ts';
import type { MicrocodeUnit } from './unit.ts';

/**
 * The microcode of a program, kernel by kernel, as a person reads it: for each word, what it does, and in which cycle
 * of a tile. `rN` is a result, `lN` a loaded item that is kept; a field is taken as it comes from its bank.
 *
 * @throws PlasticoreError `fit` with the kernel, and the line if it is one, that no word does
 */
export function microcodeWords(image: ProgramView, unit: MicrocodeUnit): string {
  const texts = image.kernels.map((kernel, index) => {
    const schedule = scheduleMicrocode(kernel, image, unit);
    return [
      `; ${image.work[index]}`,
      kernelText(image, kernel).header,
      `; ${summaryOf(kernel, schedule)}`,
      '  word  cycle',
      ...linesOf(image, schedule),
      'end',
    ].join('\n');
  });
  return texts.join('\n\n');
}

function summaryOf({ projection }: BoundKernel, schedule: MicrocodeSchedule): string {
  const { intervalCycles, boundBy, drainCycles, drainsRows } = schedule;
  const rows = drainsRows ? 'a row waits for the one before' : 'rows follow one another';
  return [
    `a tile every ${cycles(intervalCycles)}, bound by ${boundBy}`,
    `done ${cycles(drainCycles)} after it has entered`,
    ...(projection === undefined ? [] : [rows]),
  ].join('; ');
}

function cycles(count: number): string {
  return count === 1 ? 'cycle' : `${count} cycles`;
}

function linesOf(image: ProgramView, { intervalCycles, operations, loads }: MicrocodeSchedule): string[] {
  const names = new Names(image, operations, loads);
  const lines = [
    ...loads.map((load) => ({ cycle: load.cycle, text: names.load(load) })),
    ...operations.map((operation) => ({ cycle: operation.cycle, text: names.operation(operation) })),
  ];
  return lines
    .map(({ cycle, text }) => ({ word: cycle % intervalCycles, cycle, text }))
    .sort((a, b) => a.word - b.word || a.cycle - b.cycle)
    .map(({ word, cycle, text }) => `  ${String(word).padStart(4)}  ${String(cycle).padStart(5)}  ${text}`);
}

/** Names for what a schedule's indices stand for. */
class Names {
  readonly #image: ProgramView;
  readonly #operations: readonly PlacedOperation[];
  readonly #loads: readonly PlacedLoad[];

  constructor(image: ProgramView, operations: readonly PlacedOperation[], loads: readonly PlacedLoad[]) {
    this.#image = image;
    this.#operations = operations;
    this.#loads = loads;
  }

  load({ field, role, bank, register }: PlacedLoad): string {
    const kept = register === undefined ? '' : ` -> l${register}`;
    return `${at(this.#image.banks, bank).name}: ld ${this.#field({ field, role })}${kept}`;
  }

  operation(operation: PlacedOperation): string {
    const { fit, store, emits, sends, sum, register } = operation;
    const targets = [
      ...(register === undefined ? [] : [`r${register}`]),
      ...(store === undefined ? [] : [`st ${this.#field(store)}`]),
      ...(emits ? [sends ? 'emit with it' : 'emit'] : []),
      ...(sum === undefined ? [] : [`sum ${this.#field(sum)}`]),
    ];
    const into = targets.length === 0 ? '' : ` -> ${targets.join(', ')}`;
    return `${this.#does(operation)}${fit === undefined ? '' : ` | ${fitWords(fit)}`}${into}`;
  }

  #does({ does, a, b, predicate, invert, unsigned, amount, rounding, ofRandom }: PlacedOperation): string {
    const [left, right] = [this.#source(a), b === undefined ? undefined : this.#source(b)];
    if (does === 'select') return `${this.#source(predicate)} ? ${left} : ${right}`;
    if (does === 'shift') {
      const shifted = ofRandom ? 'random' : right === undefined ? left : `${left} x ${right}`;
      if (amount?.is === 'number' && amount.value === 0) return shifted;
      const sign = unsigned ? '>>>' : '>>';
      const to =
        amount?.is === 'number' && amount.value < 0
          ? `<< ${-amount.value}`
          : `${sign} ${this.#scalar(amount)}`;
      return `${shifted} ${to}${rounding === 'floor' ? '' : ` ${rounding}`}`;
    }
    const name = `${invert ? 'not ' : ''}${does}${unsigned ? ' unsigned' : ''}`;
    return `${name} ${[left, ...(right === undefined ? [] : [right])].join(', ')}`;
  }

  #source(source: ValueSource | undefined): string {
    switch (source?.is) {
      case 'result':
        return `r${at(this.#operations, source.operation).register}`;
      case 'load': {
        const load = at(this.#loads, source.load);
        return load.register === undefined ? this.#field(load) : `l${load.register}`;
      }
      case 'scalar':
        return this.#scalar(source.scalar);
      case 'row':
        return `pre.${indexField}`;
      default:
        return indexField;
    }
  }

  #scalar(scalar: SharedNumber | undefined): string {
    switch (scalar?.is) {
      case 'number':
        return String(scalar.value);
      case 'parameter':
        return `#${this.#image.parameters[scalar.parameter]?.name}`;
      case 'host':
        return `host.${hostScalars[scalar.scalar]}`;
      case 'event':
        return `ev.${eventScalars[scalar.scalar] ?? scalar.scalar}`;
      default:
        return `ev.${valueField}`;
    }
  }

  #field({ field, role }: Pick<Access, 'field' | 'role'>): string {
    return `${role}.${at(this.#image.fields, field).name.split('.')[1]}`;
  }
}

function fitWords({ to, bits }: Saturation): string {
  return `${to} ${bits} bits`;
}

/**
 * What a programmable core is loaded with, as JSON: the words of its banks, the states of its generators and the words
 * of its memories in hexadecimal, in their order; and for each later interval of the schedule of parameters, the words
 * of each memory that differ from those of the first.
 *
 * @throws PlasticoreError `fit` with what the core lacks
 */
export function microcodeFile(image: CoreImage, unit: MicrocodeUnit): string {
  const first = microcodeOf(image, unit);
  const words = microcodeWordsOf(first);
  const file = {
    format: 'plasticore/microcode/1',
    program: image.program,
    hwModel: image.core.hwModel,
    precision: image.core.precision,
    banks: image.banks.map(({ name, usedWords, wordBits }, bank) => ({
      ...{ name, wordBits },
      words: Array.from({ length: usedWords }, (_, word) =>
        hexWord(at(image.contents, bank), word * wordBits, wordBits),
      ),
    })),
    generators: [...seedLanes(image.seed, image.core.lanes)].map((state) => state.toString(16)),
    ...Object.fromEntries(words.map((memory, index) => [microcodeMemories[index], memory.map(hex)])),
    intervals: image.epochs.slice(1).map((fromEpoch, index) => ({
      fromEpoch,
      ...Object.fromEntries(
        changedWords(words, microcodeWordsOf(microcodeOf(image, unit, index + 1))).map((changed, memory) => [
          microcodeMemories[memory],
          changed.map(([address, word]) => [address, hex(word)]),
        ]),
      ),
    })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** The words of each memory, in the order of {@link microcodeMemories}. */
export function microcodeWordsOf(microcode: Microcode): bigint[][] {
  const { scalars } = microcode;
  const words = { ...microcode, scalars: scalars.map((value) => BigInt.asUintN(32, BigInt(value))) };
  return microcodeMemories.map((name) => [...words[name]]);
}

/** The words of each memory that differ, with their addresses. */
export function changedWords(
  from: readonly (readonly bigint[])[],
  to: readonly (readonly bigint[])[],
): (readonly [address: number, word: bigint])[][] {
  return to.map((words, memory) =>
    words.flatMap((word, address) => (from[memory]?.[address] === word ? [] : [[address, word] as const])),
  );
}

function hex(value: bigint): string {
  return value.toString(16);
}
