import { at } from '../../../text/index.ts';
import { fitted, type Quantity } from '../estimator.ts';
import { fitLogarithms } from '../fit.ts';
import { gateTime, gateTimeLaw, nominalSupplyV } from '../node.ts';
import { macroNm, macroPoints, openMacros } from './macros.ts';
import { base } from './shape.ts';

/** Each at the nominal supply of its transistors. */
const points = [
  ...macroPoints(({ accessNs }) => accessNs),
  ...openMacros.map((macro) => ({ ...macro, value: macro.accessNs })),
];
const fit = fitLogarithms(
  points.map(({ words, bits, nm }) => [
    1,
    Math.log((words * bits) / base.capacityBits),
    Math.log(nm / macroNm),
  ]),
  points.map(({ value }) => value),
  // Processes count alike, however many macros each has.
  { weights: points.map(({ source }) => 3 / points.filter((other) => other.source === source).length) },
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
  fits: [[fit, points]],
  range: { supplyV: { unit: 'V', low: 0.45, high: 2 } },
  atLeast: { factor: 2, because: 'the law of the supply has no figure of a macro' },
});
