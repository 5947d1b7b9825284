import { indexBits, type Widths } from '../plan/widths.ts';
import { literal, vector } from './verilog.ts';

/** How a kernel writes words of a bank. Where many do, this decides which of them share multiplexers. */
export interface BankWrite {
  /** Whether a word repeats what a part of it has. */
  readonly repeats: boolean;
  /** Bits that are written or left as a whole. */
  readonly grain: number;
}

/** A port of a kernel's module. */
export interface Port {
  readonly name: string;
  readonly bits: number;
  readonly declaration: string;
  /** What the core connects to an input; undefined for an output. */
  readonly source: string | undefined;
}

interface Request {
  readonly enable: string;
  readonly address: string;
}

interface WriteRequest extends Request, BankWrite {
  readonly data: string;
  /** Of a bank that writes single bits. */
  readonly mask?: string | undefined;
}

/**
 * What follows a tile, or a row, from cycle to cycle, by its name: whether there is one, its number, its active lanes,
 * those that hold an item, active or not, the first of these, of a segment; the row of stored weights in which the
 * tile's are, and the place of the first one in it; and whether the row is in a cycle of those that load, or, with a
 * visited tile, that store its sums.
 */
const taps = {
  valid: () => undefined,
  tile: ({ tile }) => tile,
  active: ({ lanes }) => lanes,
  items: ({ lanes }) => lanes,
  from: ({ lanes }) => indexBits(lanes),
  line: ({ weightRow }) => weightRow,
  place: ({ place }) => place,
  row_slot: () => undefined,
  row_store: () => undefined,
} satisfies Readonly<Record<string, (widths: Widths) => number | undefined>>;

type Tap = keyof typeof taps;

/** The ports of a kernel's module, each declared when it is first used. */
export class Taps {
  /** How the kernel writes banks, by their numbers. */
  readonly writes = new Map<number, BankWrite>();
  readonly #widths: Widths;
  readonly #starts: string;
  readonly #runs: string;
  readonly #ports = new Map<string, Port>();
  readonly #longest = new Map<Tap, number>();
  readonly #lines: string[] = [];
  readonly #registers = new Map<string, string>();
  readonly #reads = new Map<string, Request[]>();
  readonly #requests = new Map<number, WriteRequest[]>();

  /**
   * @param starts whether a pass of the kernel starts
   * @param runs whether it runs; undefined if nothing else does while its tiles are under way
   */
  constructor(widths: Widths, starts: string, runs: string | undefined) {
    this.#widths = widths;
    this.#starts = starts;
    this.#runs = runs === undefined ? '' : ` & ${runs}`;
    this.input('clk', undefined, 'clk');
  }

  /** A tap so many cycles after the first one of the tile, or of those of the row that load or store. */
  at(tap: Tap, delay: number): string {
    this.#longest.set(tap, Math.max(this.#longest.get(tap) ?? 0, delay));
    const source = tap.startsWith('row_') ? `${tap}[${delay}]` : `tap_${tap}_${delay}`;
    const runs = tap === 'valid' || tap === 'row_slot' ? this.#runs : '';
    return this.input(`${tap}_${delay}`, taps[tap](this.#widths), `${source}${runs}`);
  }

  /** Whether a tile is in one of some phases, and the text of the phase in which it is. */
  ofPhases(texts: ReadonlyMap<number, string>): { readonly steps: string; readonly next: string } {
    const cases = [...texts].map(([phase, text]) => ({ enable: this.at('valid', 2 + phase), text }));
    return { steps: any(cases), next: chosen(cases.reverse(), ({ text }) => text) };
  }

  /** The most cycles for which a tap follows a tile; -1 if it does not. */
  longest(tap: Tap): number {
    return this.#longest.get(tap) ?? -1;
  }

  /** The row, or the neuron of a kernel over one. */
  row(): string {
    return this.input('row', this.#widths.neuron, 'row');
  }

  start(): string {
    return this.input('pass_start', undefined, this.#starts);
  }

  /** The number of the kernel that runs, among so many that share the pipeline. */
  member(kernels: number): string {
    const bits = indexBits(kernels);
    return this.input('member', bits, `${bits}'(member)`);
  }

  /** An input, and what the core connects to it; one bit, and no vector, if no bits are given. */
  input(name: string, bits: number | undefined, source: string, sign: '' | 'signed ' = ''): string {
    return this.#port(name, bits, `input wire ${sign}`, source);
  }

  output(name: string, bits: number | undefined, expression: string): void {
    this.#port(name, bits, 'output wire ', undefined);
    this.#lines.push(`assign ${name} = ${expression};`);
  }

  /** A lane's part of an output. */
  laneOutput(name: string, bits: number): string {
    this.#port(name, bits * this.#widths.lanes, 'output wire ', undefined);
    return bits === 1 ? `${name}[l]` : `${name}[l * ${bits} +: ${bits}]`;
  }

  /** A vector within the module that has bits for each lane. */
  packed(name: string, bits: number): string {
    this.#lines.unshift(`wire ${vector(bits * this.#widths.lanes)} ${name};`);
    return name;
  }

  /** A register that follows an expression a cycle later; one for each expression. */
  register(expression: string, bits: number): string {
    return this.#kept('base', expression, (name) => [
      `reg ${vector(bits)} ${name}; always @(posedge clk) ${name} <= ${expression};`,
    ]);
  }

  /** A register that follows an expression while a row starts, and is so many more after each tile. */
  counter(start: string, bits: number, step: number): string {
    return this.#kept('next', `${start} by ${step}`, (name) => [
      `reg ${vector(bits)} ${name};`,
      `always @(posedge clk) ${name} <= ${this.start()} ? ${start} : ${this.at('valid', 0)} ? ${name} + ${literal(step, bits)} : ${name};`,
    ]);
  }

  #kept(kind: 'base' | 'next', key: string, text: (name: string) => readonly string[]): string {
    const known = this.#registers.get(key);
    if (known !== undefined) return known;
    const name = `${kind}_${this.#registers.size}`;
    this.#registers.set(key, name);
    this.#lines.unshift(...text(name));
    return name;
  }

  read(bank: number, port: number, request: Request): void {
    const key = `b${bank}_r${port}`;
    this.#reads.set(key, [...(this.#reads.get(key) ?? []), request]);
  }

  write(bank: number, request: WriteRequest): void {
    this.#requests.set(bank, [...(this.#requests.get(bank) ?? []), request]);
  }

  addressBits(bank: number): number {
    return this.#widths.address[bank] ?? 1;
  }

  /** The data of a read port. */
  data(bank: number, port: number, bits: number): string {
    return this.input(`b${bank}_r${port}_data`, bits, `bank${bank}_r${port}_data`);
  }

  /** Connects the requests of all cycles with the ports of the banks. */
  connect(wordBits: readonly number[]): void {
    const port = (name: string, bits: number, requests: readonly Request[]): void => {
      this.output(`${name}_en`, undefined, any(requests));
      this.output(
        `${name}_addr`,
        bits,
        chosen(requests, ({ address }) => address),
      );
    };
    for (const [key, requests] of this.#reads)
      port(key, this.addressBits(Number(/\d+/.exec(key)?.[0])), requests);
    for (const [bank, requests] of this.#requests) {
      const bits = wordBits[bank] ?? 1;
      const name = `b${bank}_w`;
      port(name, this.addressBits(bank), requests);
      this.writes.set(bank, {
        repeats: requests.every(({ repeats }) => repeats),
        grain: Math.min(...requests.map(({ grain }) => grain)),
      });
      this.output(
        `${name}_data`,
        bits,
        chosen(requests, ({ data }) => data),
      );
      const masked = requests.filter(({ mask }) => mask !== undefined);
      if (masked.length > 0)
        this.output(
          `${name}_mask`,
          bits,
          chosen(masked, ({ mask = '' }) => mask),
        );
    }
  }

  has(port: string): boolean {
    return this.#ports.has(port);
  }

  ports(): Port[] {
    return [...this.#ports.values()];
  }

  /** Wires that lanes and outputs need. */
  declarations(): string[] {
    return this.#lines;
  }

  #port(name: string, bits: number | undefined, kind: string, source: string | undefined): string {
    if (!this.#ports.has(name)) {
      const declaration = `${kind}${bits === undefined ? '' : `${vector(bits)} `}${name}`;
      this.#ports.set(name, { name, bits: bits ?? 1, declaration, source });
    }
    return name;
  }
}

/** A request, and whether it is made. */
interface Enabled {
  readonly enable: string;
}

function any(requests: readonly Enabled[]): string {
  return requests.map(({ enable }) => enable).join(' | ');
}

/** What holds of the first request that is made. */
function chosen<R extends Enabled>(requests: readonly R[], text: (request: R) => string): string {
  return requests
    .slice(0, -1)
    .reduceRight(
      (others, request) => `${request.enable} ? ${text(request)} : ${others}`,
      requests.slice(-1).map(text).join(''),
    );
}
