/** Identifiers are made of the printable characters (IEEE 1364-2005, 18.2.1). */
const firstCode = 33;
const codes = 94;

/** Units of time that a file may have, with their picoseconds. */
const timescales = [
  ['1 ns', 1000],
  ['1 ps', 1],
  ['1 fs', 0.001],
] as const;

/** A declared signal, which writes what it becomes. */
export interface Signal<Value> {
  set(value: Value): void;
}

/** Low, high, or waiting for what has interrupted it. */
export type Level = '0' | '1' | 'z';

/** A value change dump (IEEE 1364-2005, clause 18): signals are declared, then it begins, then time goes on. */
export class VcdFile {
  readonly #write: (text: string) => void;
  readonly #timescale: string;
  readonly #unitPs: number;
  readonly #header: string[] = [];
  /** The value of each signal at the beginning. */
  readonly #first: string[] = [];
  #now = -1;

  constructor(comment: string, clockMhz: number, write: (text: string) => void) {
    this.#write = write;
    [this.#timescale, this.#unitPs] = timescaleOf(clockMhz);
    this.#header.push(`$comment ${comment} $end`, `$timescale ${this.#timescale} $end`);
  }

  /** Declares signals within a scope. */
  scope<T>(name: string, inside: () => T): T {
    this.#header.push(`$scope module ${signalName(name)} $end`);
    const result = inside();
    this.#header.push('$upscope $end');
    return result;
  }

  wire(name: string): Signal<Level> {
    return this.#declare('wire', 1, name, '0', (value, id) => `${value}${id}\n`);
  }

  integer(name: string, bits = 64): Signal<number> {
    return this.#declare('integer', bits, name, 0, (value, id) => `b${value.toString(2)} ${id}\n`);
  }

  real(name: string): Signal<number> {
    return this.#declare('real', 64, name, 0, (value, id) => `r${value} ${id}\n`);
  }

  #declare<Value>(
    type: string,
    bits: number,
    name: string,
    first: Value,
    form: (value: Value, id: string) => string,
  ): Signal<Value> {
    const id = identifier(this.#first.length);
    this.#header.push(`$var ${type} ${bits} ${id} ${signalName(name)} $end`);
    this.#first.push(form(first, id));
    return { set: (value) => this.#write(form(value, id)) };
  }

  /** Ends the declarations. Every signal has a value from here on. */
  begin(): void {
    this.#write([...this.#header, '$enddefinitions $end', ''].join('\n'));
    this.at(0);
    this.#write(['$dumpvars\n', ...this.#first, '$end\n'].join(''));
  }

  /** Later events happen at a moment, or at the last one if that is later. */
  at(ps: number): void {
    const time = Math.round(ps / this.#unitPs);
    if (time <= this.#now) return;
    this.#now = time;
    this.#write(`#${time}\n`);
  }
}

/** The coarsest unit in which a cycle is a whole number; else the finest. */
function timescaleOf(clockMhz: number): readonly [string, number] {
  const cyclePs = 1e6 / clockMhz;
  return timescales.find(([, ps]) => Number.isInteger(cyclePs / ps)) ?? ['1 fs', 0.001];
}

function identifier(index: number): string {
  const code = String.fromCharCode(firstCode + (index % codes));
  return index < codes ? code : identifier(Math.floor(index / codes) - 1) + code;
}

/** A name without brackets and parentheses, which mean bits to viewers. */
export function signalName(name: string): string {
  return name.replaceAll(/\W+/g, '_').replaceAll(/^_+|_+$/g, '') || 'unnamed';
}
