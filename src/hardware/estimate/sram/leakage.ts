import { at } from '../../../text/index.ts';
import { fitted, type Point, type Quantity } from '../estimator.ts';
import { fitLogarithms } from '../fit.ts';
import { nominalSupplyV } from '../node.ts';
import { meanOfPort } from './macros-130nm.ts';
import { kb } from './shape.ts';

/** Flavours of transistors, from those that leak least: they decide, the node does not. */
export const flavours = ['low-standby', 'standard', 'low-operating', 'high-performance'] as const;
export type Flavour = (typeof flavours)[number];
export const usualFlavour: Flavour = 'standard';

export function flavourNamed(name: string): Flavour {
  const found = flavours.find((flavour) => flavour === name);
  if (found === undefined) throw new Error(`there is no flavour '${name}'`);
  return found;
}

interface Leak {
  readonly flavour: Flavour;
  readonly of: string;
  readonly nm: number;
  readonly supplyV: number;
  /** uW a KB. */
  readonly uw: number;
  readonly cite: string;
  readonly checked: Point['checked'];
}

// Less the reads of all rows in each tick, 4096 x 256 x 410 bits x 47 fJ x 1 kHz = 20.21 mW at 0.775 V, at each supply.
const trueNorthKb = (4096 * 256 * 410) / kb;
const trueNorthUw = (mw: number, supplyV: number): number =>
  ((mw - 20.21 * (supplyV / 0.775) ** 2) * 1000) / trueNorthKb;

const chips: readonly Omit<Leak, 'flavour'>[] = [
  {
    of: 'TrueNorth at rest without its reads',
    nm: 28,
    supplyV: 0.7,
    uw: trueNorthUw(42, 0.7),
    cite: 'Merolla et al. 2014',
    checked: 'secondary',
  },
  {
    of: 'TrueNorth at rest without its reads',
    nm: 28,
    supplyV: 0.8,
    uw: trueNorthUw(64.43, 0.8),
    cite: 'derived from Merolla et al. 2014',
    checked: 'secondary',
  },
  {
    of: "ODIN's core, 36 KB",
    nm: 28,
    supplyV: 0.55,
    uw: 27.3 / 36,
    cite: 'C. Frenkel et al., IEEE TBioCAS 13(1), 2019',
    checked: 'secondary',
  },
  {
    of: "Loihi's core, 2 Mbit",
    nm: 14,
    supplyV: 0.75,
    uw: 816 / 256,
    cite: 'derived from E. P. Frady et al. 2020',
    checked: 'secondary',
  },
  {
    of: 'macros of all shapes',
    nm: 130,
    supplyV: 1.2,
    uw: 0.09901,
    cite: 'IHP Open PDK, sg13_sram',
    checked: 'primary',
  },
  {
    of: 'SRAM22, 1024 words of 32 bits',
    nm: 130,
    supplyV: 1.8,
    uw: 1.608 / 4,
    cite: 'rahulk29/sram22_sky130_macros at 7ab0e2d',
    checked: 'primary',
  },
  {
    of: 'gf180mcu, 512 words of 8 bits',
    nm: 180,
    supplyV: 1.8,
    uw: 0.0807 * 2,
    cite: 'google/globalfoundries-pdk-ip-gf180mcu_fd_ip_sram at 9c41192',
    checked: 'primary',
  },
  {
    of: 'two banks of 1 KB, eight transistors',
    nm: 130,
    supplyV: 0.4,
    uw: 0.01716 / 2,
    cite: 'University of Virginia',
    checked: 'secondary',
  },
];

/** CACTI's tables of three flavours, at 90, 65, 45, 32 and 22 nm. */
const cacti: readonly {
  readonly flavour: Flavour;
  readonly volts: readonly number[];
  readonly uw: readonly number[];
}[] = [
  { flavour: 'low-standby', volts: [1.3, 1.2, 1.1, 1, 0.8], uw: [0.014, 0.03, 0.021, 0.029, 0.019] },
  { flavour: 'low-operating', volts: [0.9, 0.8, 0.7, 0.6, 0.6], uw: [7.4, 10.9, 5.4, 50, 7.5] },
  { flavour: 'high-performance', volts: [1.2, 1.1, 1, 0.9, 0.8], uw: [150, 611, 538, 190, 94] },
];
const leaks: readonly Leak[] = [
  ...chips.map((chip): Leak => ({ ...chip, flavour: 'standard' })),
  ...cacti.flatMap(({ flavour, volts, uw }) =>
    [90, 65, 45, 32, 22].map(
      (nm, index): Leak => ({
        flavour,
        of: `a bank of ${flavour} transistors`,
        nm,
        supplyV: at(volts, index),
        uw: at(uw, index),
        cite: 'computed with CACTI 7',
        checked: 'primary',
      }),
    ),
  ),
];

/** Of power: current as the square, by the lowering of barriers. */
const ofSupply = 3;

/** Against the supply that the flavour is made for: CACTI's flavours have supplies of their own. */
const relative = ({ flavour, nm, supplyV }: Pick<Leak, 'flavour' | 'nm' | 'supplyV'>): number =>
  flavour === 'standard' ? (supplyV / nominalSupplyV(nm)) ** ofSupply : 1;
const fit = fitLogarithms(
  leaks.map(({ flavour }) => flavours.map((other) => (flavour === other ? 1 : 0))),
  leaks.map((leak) => leak.uw / relative(leak)),
);
const levels = flavours.map((_, index) => Math.exp(at(fit.coefficients, index)));

/** Degrees in which leakage doubles: SkyWater's logic, gf180's SRAM, and CACTI's three flavours at 65 nm. */
const doublings = [9, 31, 15, 26, 47];
const [fastest, slowest] = [1 / Math.min(...doublings), 1 / Math.max(...doublings)];
/** Doublings a degree: the middle of what is published. */
const perDegree = (fastest + slowest) / 2;
export const usualTemperatureC = 25;

/** The share that a port beyond the first adds: the mean of the macros of two ports over those of one. */
const ofPort = meanOfPort(({ leakNw }) => leakNw);

/** The leakage of a bank in uW. */
export function bankUw(
  capacityBits: number,
  ports: number,
  {
    flavour,
    nm,
    supplyV,
    temperatureC,
  }: Pick<Leak, 'flavour' | 'nm' | 'supplyV'> & {
    readonly temperatureC: number;
  },
): number {
  return (
    (at(levels, flavours.indexOf(flavour)) *
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
  law: `a KB at 25 degrees and the nominal supply of the node: ${flavours.map((name, index) => `${name} ${at(levels, index).toPrecision(2)} uW`).join(', ')}; x (supply / nominal)^${ofSupply} x 2^((temperature - 25) / ${(1 / perDegree).toFixed(1)} degrees) x (1 + ${ofPort.toFixed(3)} for each port beyond the first)`,
  assumes:
    'a level for each flavour that does not follow the node; the cube of the supply (TrueNorth between 0.70 and 0.80 V has 3.9); 25 degrees for chips that state none. Figures of whole cores count all that leaks in them: what logic leaks is charged with the bits of the banks, and follows these, not the logic',
  fits: [
    [
      fit,
      leaks.map(
        ({ flavour, of, nm, supplyV, uw, cite, checked }): Point => ({
          of: `${of}, ${nm} nm, ${supplyV} V, ${flavour}`,
          value: uw,
          cite,
          checked,
        }),
      ),
    ],
  ],
  widened: {
    by: ({ temperatureC }) => 2 ** ((Math.abs(temperatureC - usualTemperatureC) * (fastest - slowest)) / 2),
    because: `leakage doubles within ${Math.min(...doublings)} to ${Math.max(...doublings)} degrees, and no figure is of another temperature than 25`,
  },
});
