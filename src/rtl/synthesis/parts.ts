import * as z from 'zod';
import type { BlockShape } from '../../hardware/index.ts';
import { PlasticoreError, recordOf } from '../../text/index.ts';
import type { BoardType } from '../board/boards.ts';

/** Lattice's FPGAs for which a core is synthesised, by the names that people choose. */
export const partNames = ['ecp5-85k', 'ecp5-45k', 'ecp5-25k', 'ice40-up5k'] as const;
export type PartName = (typeof partNames)[number];

export type FamilyName = 'ecp5' | 'ice40';

/** Parts that the same tools serve. */
interface Family {
  /** The design that is synthesised, in words. */
  readonly title: string;
  /**
   * How yosys makes a netlist: without abc9, which takes far longer than all other passes. With `-nowidelut`, the cores
   * of docs/build-your-core.md take 5 % fewer lookup tables on an ECP5, and are 1 to 8 % slower.
   */
  readonly synthesis: string;
  /** The program that places and routes, which is also the name of its Debian package. */
  readonly router: string;
  /** Its options beside the part. */
  readonly routerOptions: readonly string[];
  /** Its blocks of memory. */
  readonly block: BlockShape;
  /** Its memories with one port for reads and writes, if it has any: a bank that fits has no need for blocks. */
  readonly large?: BlockShape;
  /** Bits of the operands of a multiplier. */
  readonly multiplierBits: number;
  /** How the router takes the pins of a board and writes what it has routed, and what makes a bitstream of that. */
  readonly board: {
    readonly pins: string;
    readonly layout: string;
    readonly layoutEnding: string;
    readonly packer: readonly string[];
    readonly bitstreamEnding: string;
    /** The packer's Debian package. */
    readonly debian: string;
  };
  /** Whether parts have so few pins that the core is placed behind a shift register. */
  readonly hasFewPins: boolean;
}

export const families: Readonly<Record<FamilyName, Family>> = {
  ecp5: {
    title: 'ECP5',
    synthesis: 'synth_ecp5 -noabc9',
    router: 'nextpnr-ecp5',
    // Wires between lanes and memories, which are far apart, limit the clock.
    routerOptions: ['--placer-heap-timingweight', '30'],
    // Yosys charges a block as much as lookup tables for 2048 bits.
    block: {
      bits: 16_384,
      narrowest: 1,
      widest: 32,
      enabledBits: 8,
      byteBits: 9,
      leastBits: 2048,
      singlePort: false,
    },
    multiplierBits: 18,
    board: {
      ...{ pins: '--lpf', layout: '--textcfg', layoutEnding: 'config' },
      ...{ packer: ['ecppack', '--compress'], bitstreamEnding: 'bit', debian: 'fpga-trellis' },
    },
    hasFewPins: false,
  },
  ice40: {
    title: 'iCE40',
    synthesis: 'synth_ice40 -noabc9 -dsp -spram',
    router: 'nextpnr-ice40',
    routerOptions: [],
    // Yosys charges a block as much as registers for 64 bits.
    block: {
      bits: 4096,
      narrowest: 2,
      widest: 16,
      enabledBits: 1,
      byteBits: 8,
      leastBits: 65,
      singlePort: false,
    },
    large: {
      bits: 262_144,
      narrowest: 16,
      widest: 16,
      enabledBits: 4,
      byteBits: 8,
      leastBits: 0,
      singlePort: true,
    },
    multiplierBits: 16,
    board: {
      ...{ pins: '--pcf', layout: '--asc', layoutEnding: 'asc' },
      ...{ packer: ['icepack'], bitstreamEnding: 'bin', debian: 'fpga-icestorm' },
    },
    hasFewPins: true,
  },
};

/** The family of each part, and the options of its router that name it. */
export const parts: Readonly<
  Record<PartName, { readonly family: FamilyName; readonly options: readonly string[] }>
> = {
  'ecp5-85k': { family: 'ecp5', options: ['--85k', '--speed', '6'] },
  'ecp5-45k': { family: 'ecp5', options: ['--45k', '--speed', '6'] },
  'ecp5-25k': { family: 'ecp5', options: ['--25k', '--speed', '6'] },
  'ice40-up5k': { family: 'ice40', options: ['--up5k', '--package', 'sg48'] },
};

/** The boards for which a bitstream is made, each with one of the parts. */
export const boardNames = ['ulx3s-85f', 'ulx3s-45f', 'ulx3s-25f', 'icebreaker'] as const;
export type BoardName = (typeof boardNames)[number];

/** The boards whose parts are routed here. */
export type RoutedType = Exclude<BoardType, 'arty-a7'>;

/** The part of a board, its package where the part does not say it, and the wrapper. */
export const partOfBoard: Readonly<
  Record<BoardName, { readonly part: PartName; readonly packaged?: string; readonly type: RoutedType }>
> = {
  'ulx3s-85f': { part: 'ecp5-85k', packaged: 'CABGA381', type: 'ulx3s' },
  'ulx3s-45f': { part: 'ecp5-45k', packaged: 'CABGA381', type: 'ulx3s' },
  'ulx3s-25f': { part: 'ecp5-25k', packaged: 'CABGA381', type: 'ulx3s' },
  icebreaker: { part: 'ice40-up5k', type: 'icebreaker' },
};

/** The target of synthesis: a part, without pins, or a board. */
export type SynthesisTarget = PartName | BoardName;

export function isBoard(target: string): target is BoardName {
  return (boardNames as readonly string[]).includes(target);
}

/** The part that a target is, or has. */
export function partOf(target: SynthesisTarget): PartName {
  return isBoard(target) ? partOfBoard[target].part : target;
}

/** The family of a part, or of that of a board. */
export function familyOf(target: SynthesisTarget): Family {
  return families[parts[partOf(target)].family];
}

/** Names of resources in the reports of routers, and of some of them in an hw-model. */
const resources = {
  TRELLIS_COMB: { text: 'lookup tables of 4 inputs', is: 'luts' },
  TRELLIS_FF: { text: 'flip-flops', is: undefined },
  DP16KD: { text: 'block RAMs of 18 Kbit', is: 'block' },
  MULT18X18D: { text: 'multipliers of 18 bits', is: 'multipliers' },
  ICESTORM_LC: { text: 'logic cells', is: 'luts' },
  ICESTORM_RAM: { text: 'block RAMs of 4 Kbit', is: 'block' },
  ICESTORM_SPRAM: { text: 'RAMs of 256 Kbit with one port', is: 'large' },
  ICESTORM_DSP: { text: 'multipliers of 16 bits', is: 'multipliers' },
} as const;

/** The resources that a core takes of a part, and its clock there. */
export interface Synthesis {
  /** The clock that the longest path allows after routing, in MHz. */
  readonly clockMhz: number;
  readonly used: readonly UsedResource[];
}

export interface UsedResource {
  readonly resource: string;
  /** Its name in an hw-model, if it has one there. */
  readonly is: (typeof resources)[keyof typeof resources]['is'];
  readonly used: number;
  readonly available: number;
}

const schema = z.object({
  fmax: recordOf(z.string(), z.object({ achieved: z.number() })),
  utilization: recordOf(z.string(), z.object({ used: z.number(), available: z.number() })),
});

/** What a netlist takes too much of, by what nextpnr says of it after packing: `DP16KD:   128/   56   228%`. */
export function shortages(said: string): UsedResource[] {
  return Object.entries(resources).flatMap(([key, { text, is }]) => {
    const [, used, available] = new RegExp(`\\b${key}: *(\\d+)/ *(\\d+)`).exec(said) ?? [];
    const found = { resource: text, is, used: Number(used), available: Number(available) };
    return found.used > found.available ? [found] : [];
  });
}

/**
 * Reads the report of nextpnr.
 *
 * @throws PlasticoreError `run` if it is no such report
 */
export function readSynthesis(json: string, file: string): Synthesis {
  const report = schema.safeParse(JSON.parse(json));
  const clocks = report.success ? Object.values(report.data.fmax) : [];
  if (!report.success || clocks.length === 0)
    throw new PlasticoreError('run', `${file}: expected a report of nextpnr, with the clock it achieved`);
  return {
    clockMhz: Math.min(...clocks.map(({ achieved }) => achieved)),
    used: Object.entries(resources).flatMap(([key, { text, is }]) => {
      const found = report.data.utilization[key];
      return found === undefined ? [] : [{ resource: text, is, ...found }];
    }),
  };
}
