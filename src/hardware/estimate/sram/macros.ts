import table from '#points/sram-macros' with { type: 'json' };
import { cited } from '../points.ts';

/**
 * SRAM macros of IHP's open 130-nm process: the only ones published whole, with energy, leakage, area and time of many
 * shapes.
 */
const macros = cited(table, table.ihp);
export const onePortMacros = macros.filter(({ ports }) => ports === '1rw');

export const macroNm = 130;
export const macroV = 1.2;

/** Those of two ports whose areas differ from one port's in nothing but the port. */
const twoPortMacros = macros.filter(
  ({ ports, words, bits }) => ports === '1r1w' && bits === 32 && (words === 256 || words === 1024),
);

/** The macros of one port, each with a figure of it as a published point. */
export const macroPoints = (figure: (macro: (typeof onePortMacros)[number]) => number) =>
  onePortMacros.map((macro) => ({
    ...macro,
    nm: macroNm,
    of: `${macro.words} words of ${macro.bits} bits, one port, ${macroNm} nm, ${macroV} V`,
    value: figure(macro),
  }));

/** The share that a second port adds to a figure. */
export function meanOfPort(figure: (macro: (typeof macros)[number]) => number): number {
  const shares = twoPortMacros.map((two) => {
    const one = onePortMacros.find(({ words, bits }) => words === two.words && bits === two.bits);
    if (one === undefined) throw new Error('a macro of two ports that has no like of one');
    return figure(two) / figure(one) - 1;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** SRAM macros of other open processes, at one supply each. */
export const openMacros = cited(table, table.others).map(({ of, ...macro }) => ({
  ...macro,
  of: `${of}, ${macro.words} words of ${macro.bits} bits, ${macro.nm} nm`,
}));
