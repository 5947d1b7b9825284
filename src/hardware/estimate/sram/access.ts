import { at } from '../../../text/index.ts';
import { fitted, type Point, type Quantity } from '../estimator.ts';
import { fitLogarithms } from '../fit.ts';
import { gateTime, gateTimeLaw, nominalSupplyV } from '../node.ts';
import { macroNm, macroPoint, onePortMacros } from './macros-130nm.ts';
import { asap7, gf180, openMacro, sram22 } from './macros-open.ts';
import { base } from './shape.ts';

const macros = onePortMacros.map((macro) => ({
  ...macroPoint(macro, macro.accessNs),
  capacityBits: macro.words * macro.bits,
  nm: macroNm,
}));
/** Each at the nominal supply of its transistors. */
const sources = [
  macros,
  ...[sram22, asap7, gf180].map((open) =>
    open.rows.map(([words, bits, , accessNs]) => ({
      of: openMacro(open, words, bits),
      value: accessNs,
      cite: open.cite,
      checked: 'primary' as const,
      capacityBits: words * bits,
      nm: open.nm,
    })),
  ),
];
const fit = fitLogarithms(
  sources.flatMap((rows) =>
    rows.map(({ capacityBits, nm }) => [
      1,
      Math.log(capacityBits / base.capacityBits),
      Math.log(nm / macroNm),
    ]),
  ),
  sources.flatMap((rows) => rows.map(({ value }) => value)),
  // Processes count alike, however many macros each has.
  { weights: sources.flatMap((rows) => rows.map(() => 3 / rows.length)) },
);
const level = at(fit.coefficients, 0);
const ofCapacity = at(fit.coefficients, 1);
const ofNode = at(fit.coefficients, 2);

/** The time of an access in ns. */
export function bankNs(capacityBits: number, nm: number, supplyV: number): number {
  const nominalNs =
    Math.exp(level) * (capacityBits / base.capacityBits) ** ofCapacity * (nm / macroNm) ** ofNode;
  return (nominalNs * gateTime(nm, supplyV)) / gateTime(nm, nominalSupplyV(nm));
}

export const access: Quantity = fitted({
  source: 'estimator:sram.access',
  unit: 'ns',
  law: `at the nominal supply of the node: ${Math.exp(level).toPrecision(3)} ns x (capacity / 64 kbit)^${ofCapacity.toFixed(2)} x (node / ${macroNm} nm)^${ofNode.toFixed(2)}; at another, x ${gateTimeLaw}`,
  assumes:
    'the supply by the alpha-power law, whose pairs are read from the scaling of Stillmaker and Baas 2017. The word has no part in it: open macros contradict each other in the sign',
  fits: [[fit, sources.flatMap((rows) => rows.map((row): Point => row))]],
  range: { supplyV: { unit: 'V', low: 0.45, high: 2 } },
  atLeast: { factor: 2, because: 'the law of the supply has no figure of a macro' },
});
