import type { ImageOperand } from '../../image/index.ts';
import { indexBits, type Widths } from '../plan/widths.ts';
import { literal, vector } from './text.ts';

/** The signal to which a port of a kernel's module is connected. */
export type TapMeaning =
  | { readonly does: 'clock' | 'row' | 'pass-start' | 'random' | 'random-step' | 'random-next' }
  | {
      readonly does:
        | 'valid'
        | 'tile'
        | 'active'
        | 'items'
        | 'from'
        | 'line'
        | 'place'
        | 'row-slot'
        | 'row-store';
      readonly delay: number;
    }
  | { readonly does: 'generator' | 'generator-step' | 'generator-next'; readonly generator: number }
  | { readonly does: 'payload' }
  /** Which of the kernels runs that share the pipeline, and a constant that each of them brings. */
  | { readonly does: 'member' }
  | { readonly does: 'constant'; readonly operands: readonly ImageOperand[] }
  | { readonly does: 'host'; readonly scalar: number }
  /** `spike-soon`: the lanes that will spike in the next cycle. */
  | { readonly does: 'spike-valid' | 'spike-tile' | 'spike-lanes' | 'spike-soon' | 'spike-values' }
  | {
      readonly does:
        | 'gate-valid'
        | 'gate-tile'
        | 'gate-lanes'
        | 'gate-set'
        | 'sum-gate-valid'
        | 'sum-gate-set';
      readonly field: number;
    }
  | {
      readonly does: 'read-enable' | 'read-address' | 'read-data';
      readonly bank: number;
      readonly port: number;
    }
  | {
      readonly does: 'write-enable' | 'write-address' | 'write-mask';
      readonly bank: number;
    }
  | ({ readonly does: 'write-data'; readonly bank: number } & BankWrite);

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
  readonly isOutput: boolean;
  readonly declaration: string;
  readonly meaning: TapMeaning;
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

/** The ports of a kernel's module, each declared when it is first used. */
export class Taps {
  readonly #widths: Widths;
  readonly #ports = new Map<string, Port>();
  readonly #lines: string[] = [];
  readonly #registers = new Map<string, string>();
  readonly #reads = new Map<
    string,
    { readonly bank: number; readonly port: number; readonly requests: Request[] }
  >();
  readonly #writes = new Map<number, WriteRequest[]>();

  constructor(widths: Widths) {
    this.#widths = widths;
    this.#port('clk', 1, false, '', { does: 'clock' });
  }

  /** Whether a tile is in its cycle `delay`, from 0 for the first one. */
  valid(delay: number): string {
    return this.#port(`valid_${delay}`, 1, false, '', { does: 'valid', delay });
  }

  tile(delay: number): string {
    return this.#port(`tile_${delay}`, this.#widths.tile, false, '', { does: 'tile', delay });
  }

  /** The active lanes of the tile. */
  active(delay: number): string {
    return this.#port(`active_${delay}`, this.#widths.lanes, false, 'lanes', { does: 'active', delay });
  }

  /** The lanes of the tile that hold an item, active or not. */
  items(delay: number): string {
    return this.#port(`items_${delay}`, this.#widths.lanes, false, 'lanes', { does: 'items', delay });
  }

  /** The first lane of the tile that holds an item, of a segment. */
  from(delay: number): string {
    return this.#port(`from_${delay}`, indexBits(this.#widths.lanes), false, '', { does: 'from', delay });
  }

  /** The row of stored weights in which the tile's are, and the place of the first one in it. */
  line(delay: number): string {
    return this.#port(`line_${delay}`, this.#widths.weightRow, false, '', { does: 'line', delay });
  }

  place(delay: number): string {
    return this.#port(`place_${delay}`, this.#widths.place, false, '', { does: 'place', delay });
  }

  /** Whether the row is in its cycle `delay` of those that load. */
  rowSlot(delay: number): string {
    return this.#port(`row_slot_${delay}`, 1, false, '', { does: 'row-slot', delay });
  }

  /** Whether a row with a visited tile is in its cycle `delay` of those that store its sums. */
  rowStore(delay: number): string {
    return this.#port(`row_store_${delay}`, 1, false, '', { does: 'row-store', delay });
  }

  /** The row, or the neuron of a kernel over one. */
  row(): string {
    return this.#port('row', this.#widths.neuron, false, '', { does: 'row' });
  }

  start(): string {
    return this.#port('pass_start', 1, false, '', { does: 'pass-start' });
  }

  /** The number of the kernel that runs, among so many that share the pipeline. */
  member(kernels: number): string {
    return this.#port('member', indexBits(kernels), false, 'lanes', { does: 'member' });
  }

  input(name: string, bits: number, sign: '' | 'signed', meaning: TapMeaning): string {
    return this.#port(name, bits, false, sign, meaning);
  }

  /** A lane's part of an input that all lanes share out. */
  lane(name: string, bits: number, meaning: TapMeaning): string {
    this.#port(name, bits * this.#widths.lanes, false, '', meaning);
    return `${name}[l * ${bits} +: ${bits}]`;
  }

  output(name: string, bits: number, meaning: TapMeaning, expression: string): void {
    this.#port(name, bits, true, '', meaning);
    this.#lines.push(`assign ${name} = ${expression};`);
  }

  /** A lane's part of an output. */
  laneOutput(name: string, bits: number, meaning: TapMeaning): string {
    this.#port(name, bits * this.#widths.lanes, true, 'lanes', meaning);
    return bits === 1 ? `${name}[l]` : `${name}[l * ${bits} +: ${bits}]`;
  }

  /** A vector within the module that has bits for each lane. */
  packed(name: string, bits: number): string {
    this.#lines.unshift(`wire ${vector(bits * this.#widths.lanes)} ${name};`);
    return name;
  }

  /** A register that follows an expression a cycle later; one for each expression. */
  register(expression: string, bits: number): string {
    const known = this.#registers.get(expression);
    if (known !== undefined) return known;
    const name = `base_${this.#registers.size}`;
    this.#registers.set(expression, name);
    this.#lines.unshift(`reg ${vector(bits)} ${name}; always @(posedge clk) ${name} <= ${expression};`);
    return name;
  }

  /** A register that follows an expression while a row starts, and is so many more after each tile. */
  counter(start: string, bits: number, step: number): string {
    const key = `${start} by ${step}`;
    const known = this.#registers.get(key);
    if (known !== undefined) return known;
    const name = `next_${this.#registers.size}`;
    this.#registers.set(key, name);
    const next = `${name} + ${literal(step, bits)}`;
    this.#lines.unshift(
      `reg ${vector(bits)} ${name};`,
      `always @(posedge clk) ${name} <= ${this.start()} ? ${start} : ${this.valid(0)} ? ${next} : ${name};`,
    );
    return name;
  }

  read(bank: number, port: number, request: Request): string {
    const key = `b${bank}_r${port}`;
    const known = this.#reads.get(key) ?? { bank, port, requests: [] };
    known.requests.push(request);
    this.#reads.set(key, known);
    return key;
  }

  write(bank: number, request: WriteRequest): void {
    this.#writes.set(bank, [...(this.#writes.get(bank) ?? []), request]);
  }

  addressBits(bank: number): number {
    return this.#widths.address[bank] ?? 1;
  }

  /** The data of a read port. */
  data(bank: number, port: number, bits: number): string {
    return this.#port(`b${bank}_r${port}_data`, bits, false, '', { does: 'read-data', bank, port });
  }

  /** Connects the requests of all cycles with the ports of the banks. */
  connect(wordBits: readonly number[]): void {
    for (const [key, { bank, port, requests }] of this.#reads) {
      const address = { does: 'read-address', bank, port } as const;
      this.output(`${key}_en`, 1, { does: 'read-enable', bank, port }, any(requests));
      this.output(`${key}_addr`, this.#widths.address[bank] ?? 1, address, chosen(requests, 'address'));
    }
    for (const [bank, requests] of this.#writes) {
      const bits = wordBits[bank] ?? 1;
      const name = `b${bank}_w`;
      this.output(`${name}_en`, 1, { does: 'write-enable', bank }, any(requests));
      this.output(
        `${name}_addr`,
        this.#widths.address[bank] ?? 1,
        { does: 'write-address', bank },
        chosen(requests, 'address'),
      );
      const repeats = requests.every((request) => request.repeats);
      const grain = Math.min(...requests.map((request) => request.grain));
      this.output(
        `${name}_data`,
        bits,
        { does: 'write-data', bank, repeats, grain },
        chosen(requests, 'data'),
      );
      const masked = requests.flatMap(({ mask, ...request }) =>
        mask === undefined ? [] : [{ ...request, mask }],
      );
      if (masked.length > 0)
        this.output(`${name}_mask`, bits, { does: 'write-mask', bank }, chosen(masked, 'mask'));
    }
  }

  ports(): Port[] {
    return [...this.#ports.values()];
  }

  /** Wires that lanes and outputs need. */
  declarations(): string[] {
    return this.#lines;
  }

  #port(
    name: string,
    bits: number,
    isOutput: boolean,
    sign: '' | 'signed' | 'lanes',
    meaning: TapMeaning,
  ): string {
    if (!this.#ports.has(name)) {
      const kind = `${isOutput ? 'output' : 'input'} wire`;
      const shape = bits === 1 && sign === '' ? '' : ` ${vector(bits)}`;
      const declaration = `${kind}${sign === 'signed' ? ' signed' : ''}${shape} ${name}`;
      this.#ports.set(name, { name, bits, isOutput, declaration, meaning });
    }
    return name;
  }
}

function any(requests: readonly Request[]): string {
  return requests.map(({ enable }) => enable).join(' | ');
}

function chosen<Key extends string>(
  requests: readonly (Request & Readonly<Record<Key, string>>)[],
  key: Key,
): string {
  const [last, ...before] = [...requests].reverse();
  return before.reduce(
    (others, request) => `${request.enable} ? ${request[key]} : ${others}`,
    last?.[key] ?? '',
  );
}
