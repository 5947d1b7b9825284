import table from '#points/sram-leakage' with { type: 'json' };
import { at } from '../../../text/index.ts';
import { fitted, type Point, type Quantity } from '../estimator.ts';
import { fitLogarithms } from '../fit.ts';
import { nominalSupplyV } from '../node.ts';
import { cited } from '../points.ts';
import { meanOfPort } from './macros.ts';
import { base, kb } from './shape.ts';

/** Flavours of transistors, from those that leak least. */
export const flavours = ['low-standby', 'standard', 'low-operating', 'high-performance'] as const;
export type Flavour = (typeof flavours)[number];
export const usualFlavour: Flavour = 'standard';

export function flavourNamed(name: string): Flavour {
  const found = flavours.find((flavour) => flavour === name);
  if (found === undefined) throw new Error(`there is no flavour '${name}'`);
  return found;
}

/** The conditions of a figure of leakage. */
interface Leaking {
  readonly flavour: Flavour;
  readonly nm: number;
  readonly supplyV: number;
}

const leaks = cited(table, table.leaks).map((leak) => ({ ...leak, flavour: flavourNamed(leak.flavour) }));

/** Of power: current as the square, by the lowering of barriers. */
const ofSupply = 3;

/** Against the supply that the flavour is made for: CACTI's flavours have supplies of their own. */
const relative = ({ flavour, nm, supplyV }: Leaking): number =>
  flavour === 'standard' ? (supplyV / nominalSupplyV(nm)) ** ofSupply : 1;
/** The smallest node of which a figure of standard transistors is known: below, they leak as they do there. */
const leastNm = Math.min(...leaks.flatMap(({ flavour, nm }) => (flavour === usualFlavour ? [nm] : [])));
/**
 * Standard transistors leak more in smaller nodes: their channels are shorter and their thresholds lower. The others
 * are made for what they may leak, whatever the node.
 */
const ofNodeTerm = ({ flavour, nm }: Pick<Leaking, 'flavour' | 'nm'>): number =>
  flavour === usualFlavour ? Math.log(Math.max(nm, leastNm) / base.nm) : 0;
const fit = fitLogarithms(
  leaks.map((leak) => [...flavours.map((other) => (leak.flavour === other ? 1 : 0)), ofNodeTerm(leak)]),
  leaks.map((leak) => leak.uwPerKb / relative(leak)),
);
const levels = flavours.map((_, index) => Math.exp(at(fit.coefficients, index)));
const ofNode = at(fit.coefficients, flavours.length);

/** Degrees in which leakage doubles: SkyWater's logic, gf180's SRAM, and CACTI's three flavours at 65 nm. */
const doublings = [9, 31, 15, 26, 47];
const [fastest, slowest] = [1 / Math.min(...doublings), 1 / Math.max(...doublings)];
/** Doublings a degree: the middle of what is published. */
const perDegree = (fastest + slowest) / 2;
export const usualTemperatureC = 25;

/** The share that a port beyond the first adds: the mean of the macros of two ports over those of one. */
const ofPort = meanOfPort(({ leakUw }) => leakUw);

/** The leakage of a bank in uW. */
export function bankUw(
  capacityBits: number,
  ports: number,
  { flavour, nm, supplyV, temperatureC }: Leaking & { readonly temperatureC: number },
): number {
  return (
    (at(levels, flavours.indexOf(flavour)) *
      Math.exp(ofNode * ofNodeTerm({ flavour, nm })) *
      (supplyV / nominalSupplyV(nm)) ** ofSupply *
      2 ** ((temperatureC - usualTemperatureC) * perDegree) *
      capacityBits *
      (1 + ofPort * (ports - 1))) /
    kb
  );
}

export const leakage: Quantity = fitted({
  source: 'estimator:sram.leakage',
  unit: 'uW',
  law: `a KB at 25 degrees and the nominal supply of the node: ${flavours.map((name, index) => `${name} ${at(levels, index).toPrecision(2)} uW${name === usualFlavour ? ` x (node / ${base.nm} nm)^${ofNode.toFixed(2)}` : ''}`).join(', ')}; x (supply / nominal)^${ofSupply} x 2^((temperature - 25) / ${(1 / perDegree).toFixed(1)} degrees) x (1 + ${ofPort.toFixed(3)} for each port beyond the first)`,
  assumes: `the standard flavour alone follows the node, down to ${leastNm} nm: its figure there lies above all three of 28 nm, and none lies between (at 50 MHz the reference core takes least at 22); the cube of the supply (TrueNorth between 0.70 and 0.80 V has 3.9); 25 degrees for chips that state none. Whole cores' logic is charged with their banks. Those above 28 nm are of macros alone`,
  fits: [
    [
      fit,
      leaks.map(
        ({ flavour, of, nm, supplyV, uwPerKb, ...source }): Point => ({
          ...source,
          of: `${of}, ${nm} nm, ${supplyV} V, ${flavour}`,
          value: uwPerKb,
        }),
      ),
    ],
  ],
  widened: {
    by: ({ temperatureC }) => 2 ** ((Math.abs(temperatureC - usualTemperatureC) * (fastest - slowest)) / 2),
    because: `leakage doubles within ${Math.min(...doublings)} to ${Math.max(...doublings)} degrees, and no figure is of another temperature than 25`,
  },
});
