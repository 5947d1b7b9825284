import table from '#points/sram-area' with { type: 'json' };
import { at } from '../../../text/index.ts';
import { fitted, type Point, type Quantity } from '../estimator.ts';
import { fitLogarithms, fitSums } from '../fit.ts';
import { cited } from '../points.ts';
import { macroNm, macroPoints, meanOfPort, onePortMacros } from './macros.ts';
import { base } from './shape.ts';

/** Cells of six transistors in one foundry's nodes. */
const cells = cited(table, table.cells);
const nodeTerms = (nm: number): number[] => [1, Math.log(nm / base.nm), Math.log(nm / base.nm) ** 2];
const cellFit = fitLogarithms(
  cells.map(({ nm }) => nodeTerms(nm)),
  cells.map(({ um2 }) => um2),
);

/** The area of a cell as a foundry makes it; falls with the node from 180 to 7 nm. */
export function cellUm2(nm: number): number {
  return Math.exp(
    nodeTerms(nm).reduce((sum, term, index) => sum + term * at(cellFit.coefficients, index), 0),
  );
}

/** Cells, columns with their sense amplifiers, and the edges of the array: all three rise with the shape. */
const shapeTerms = (capacityBits: number, wordBits: number): number[] => [
  capacityBits,
  wordBits,
  Math.sqrt(capacityBits),
];
const shapeFit = fitSums(
  onePortMacros.map(({ words, bits }) => shapeTerms(words * bits, bits)),
  onePortMacros.map(({ areaUm2 }) => areaUm2),
);
const [ofBit, ofColumn, ofEdge] = [0, 1, 2].map((index) => at(shapeFit.coefficients, index).toPrecision(3));

/** The share that a port beyond the first adds: the mean of the macros of two ports over those of one. */
const ofPort = meanOfPort(({ areaUm2 }) => areaUm2);

/** The area of a bank in um2. */
export function bankUm2(capacityBits: number, wordBits: number, ports: number, nm: number): number {
  const at130 = shapeTerms(capacityBits, wordBits).reduce(
    (sum, term, index) => sum + term * at(shapeFit.coefficients, index),
    0,
  );
  return ((at130 * cellUm2(nm)) / cellUm2(macroNm)) * (1 + ofPort * (ports - 1));
}

export const sramArea: Quantity = fitted({
  source: 'estimator:sram.area',
  unit: 'um2',
  law: `at ${macroNm} nm: ${ofBit} um2 a bit + ${ofColumn} um2 a bit of the word + ${ofEdge} um2 x sqrt(bits); at other nodes as a cell: ${cellUm2(28).toPrecision(3)} um2 at 28 nm, ${cellUm2(macroNm).toPrecision(3)} um2 at ${macroNm} nm; x (1 + ${ofPort.toFixed(3)} for each port beyond the first)`,
  assumes: 'decoders and sense amplifiers shrink as cells do',
  atLeast: { factor: 2, because: 'macros are published at one node, of one compiler' },
  fits: [
    [shapeFit, macroPoints(({ areaUm2 }) => areaUm2)],
    [
      cellFit,
      cells.map(
        ({ nm, um2, ...source }): Point => ({
          ...source,
          of: `cell of six transistors, ${nm} nm`,
          value: um2,
        }),
      ),
    ],
  ],
});
