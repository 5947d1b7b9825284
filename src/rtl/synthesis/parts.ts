/** Lattice's FPGAs for which a core is synthesised, by the names that people choose. */
export const partNames = ['ecp5-85k', 'ecp5-45k', 'ecp5-25k', 'ice40-up5k'] as const;
export type PartName = (typeof partNames)[number];

export type FamilyName = 'ecp5' | 'ice40';

/** Parts that the same tools serve. */
interface Family {
  /** What is synthesised, in words. */
  readonly title: string;
  /** How yosys makes a netlist: without abc9, which takes far longer than all other passes. */
  readonly synthesis: string;
  /** The program that places and routes, which is also the name of its Debian package. */
  readonly router: string;
  /** Bits of a block of memory at all of its widths; check bits, which only wide shapes have, are left out. */
  readonly blockBits: number;
  /** A memory with one port for reads and writes that is so deep: a bank that fits has no need for blocks. */
  readonly singlePortWords: number;
  /** Whether parts have so few pins that the core is placed behind a shift register. */
  readonly hasFewPins: boolean;
}

export const families: Readonly<Record<FamilyName, Family>> = {
  ecp5: {
    title: 'ECP5',
    synthesis: 'synth_ecp5 -noabc9',
    router: 'nextpnr-ecp5',
    blockBits: 16_384,
    singlePortWords: 0,
    hasFewPins: false,
  },
  ice40: {
    title: 'iCE40',
    synthesis: 'synth_ice40 -noabc9 -dsp -spram',
    router: 'nextpnr-ice40',
    blockBits: 4096,
    singlePortWords: 16_384,
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

/** The boards for which `rtl` writes a wrapper, each with one of the parts. */
export const boardNames = ['ulx3s-85f', 'ulx3s-45f', 'ulx3s-25f'] as const;
export type BoardName = (typeof boardNames)[number];

/** The part of a board, and its package. */
export const partOfBoard: Readonly<
  Record<BoardName, { readonly part: PartName; readonly packaged: string }>
> = {
  'ulx3s-85f': { part: 'ecp5-85k', packaged: 'CABGA381' },
  'ulx3s-45f': { part: 'ecp5-45k', packaged: 'CABGA381' },
  'ulx3s-25f': { part: 'ecp5-25k', packaged: 'CABGA381' },
};

/** What a core is synthesised for: a part, without pins, or a board. */
export type Target = PartName | BoardName;

export function isBoard(target: string): target is BoardName {
  return (boardNames as readonly string[]).includes(target);
}

/** The part that a target is, or has. */
export function partOf(target: Target): PartName {
  return isBoard(target) ? partOfBoard[target].part : target;
}

/** The program that places and routes a core for a part, or a board. */
export function routerOf(target: Target): string {
  return families[parts[partOf(target)].family].router;
}

/** What the reports of routers call the resources that people ask for. */
export const resources = {
  TRELLIS_COMB: 'lookup tables of 4 inputs',
  TRELLIS_FF: 'flip-flops',
  DP16KD: 'block RAMs of 18 Kbit',
  MULT18X18D: 'multipliers of 18 bits',
  ICESTORM_LC: 'logic cells',
  ICESTORM_RAM: 'block RAMs of 4 Kbit',
  ICESTORM_SPRAM: 'RAMs of 256 Kbit with one port',
  ICESTORM_DSP: 'multipliers of 16 bits',
} as const;
