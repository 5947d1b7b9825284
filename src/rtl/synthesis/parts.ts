/** The parts of Lattice's ECP5 that a core is synthesised for, by the names that people choose. */
export const partNames = ['ecp5-85k', 'ecp5-45k', 'ecp5-25k'] as const;
export type PartName = (typeof partNames)[number];

/** The options of nextpnr-ecp5 that name a part, of speed grade 6. */
export const partOptions: Readonly<Record<PartName, readonly string[]>> = {
  'ecp5-85k': ['--85k', '--speed', '6'],
  'ecp5-45k': ['--45k', '--speed', '6'],
  'ecp5-25k': ['--25k', '--speed', '6'],
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

/** Bits of a block of memory of these parts, of which 2 Kbit are check bits that only wide shapes have. */
export const blockBits = 16_384;

/** What the report of nextpnr calls the resources that people ask for. */
export const resources = {
  TRELLIS_COMB: 'lookup tables of 4 inputs',
  TRELLIS_FF: 'flip-flops',
  DP16KD: 'block RAMs of 18 Kbit',
  MULT18X18D: 'multipliers of 18 bits',
} as const;
