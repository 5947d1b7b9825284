/** SRAM macros of other open processes, at one supply each: words, bits, area um2, access ns. */
interface OpenMacros {
  readonly of: string;
  readonly cite: string;
  readonly nm: number;
  readonly rows: readonly (readonly [words: number, bits: number, areaUm2: number, accessNs: number])[];
}

export const sram22: OpenMacros = {
  of: 'SRAM22',
  cite: 'rahulk29/sram22_sky130_macros at 7ab0e2d, typical corner, 1.8 V, the nominal supply of its transistors',
  nm: 130,
  rows: [
    [64, 32, 68821, 3.01],
    [128, 32, 93488, 3.14],
    [256, 32, 123329, 3.31],
    [512, 32, 198909, 3.62],
    [1024, 32, 351764, 3.99],
    [2048, 32, 527389, 4.58],
    [1024, 64, 555929, 4.32],
    [256, 128, 340315, 3.55],
  ],
};

export const asap7: OpenMacros = {
  of: 'ASAP7',
  cite: 'The-OpenROAD-Project/asap7_sram_0p0 at 9f5af09, 0.7 V, predictive',
  nm: 7,
  rows: [
    [256, 16, 249, 0.076],
    [256, 32, 415, 0.092],
    [256, 80, 914, 0.151],
    [512, 16, 415, 0.079],
    [512, 32, 691, 0.096],
    [512, 64, 1244, 0.134],
    [512, 80, 1521, 0.157],
    [1024, 16, 787, 0.084],
    [1024, 32, 1311, 0.102],
    [1024, 64, 2360, 0.143],
    [1024, 80, 2884, 0.167],
  ],
};

/** At the 5 V of its transistors, in the geometry of 180 nm. */
export const gf180: OpenMacros = {
  of: 'gf180mcu',
  cite: 'google/globalfoundries-pdk-ip-gf180mcu_fd_ip_sram at 9c41192, typical corner, 5 V, its nominal supply',
  nm: 180,
  rows: [
    [64, 8, 100572, 4.3],
    [128, 8, 116119, 4.4],
    [256, 8, 147212, 4.6],
    [512, 8, 209400, 4.9],
  ],
};

export function openMacro({ of, nm }: OpenMacros, words: number, bits: number): string {
  return `${of}, ${words} words of ${bits} bits, ${nm} nm`;
}
