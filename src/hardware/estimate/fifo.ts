import { type Estimator, fitted, type Point } from './estimator.ts';
import { fitLogarithms } from './fit.ts';
import { nodeRange, supplyRange, supplyReach } from './node.ts';
import { sram, sramArea, sramEnergy, usualFlavour, usualTemperatureC } from './sram/index.ts';

/**
 * Smaller than any published SRAM: the smallest one's figures are carried on, and one FIFO tells how far off they are.
 */
const eventBits = 32;
const seneca: Point = {
  of: 'capture of an event of 32 bits, 22 nm, 0.8 V',
  value: 1.1,
  cite: 'G. Tang et al., Front. Neurosci. 17:1187252, 2023',
  checked: 'primary',
};

type Figure = 'pushPj' | 'popPj' | 'areaUm2';

function ofSram(depth: number, technologyNm: number, supplyV: number): Record<Figure, number> {
  const shape = { capacityBits: depth * eventBits, wordBits: eventBits, ports: 1, technologyNm, supplyV };
  const { readPj, writePj, areaUm2 } = sram.values(
    { ...shape, temperatureC: usualTemperatureC },
    usualFlavour,
  );
  return { pushPj: writePj, popPj: readPj, areaUm2 };
}

const depths = [32, 64];
const fit = fitLogarithms(
  depths.map(() => [1]),
  depths.map((depth) => seneca.value / ofSram(depth, 22, 0.8).pushPj),
);
const factor = Math.exp(fit.coefficients[0] ?? 0);

const energy = fitted({
  source: 'estimator:fifo.energy',
  unit: 'pJ',
  law: `an SRAM of ${eventBits}-bit words that holds the events: x ${factor.toFixed(2)}; a push writes, a pop reads`,
  assumes: "SENECA's FIFO holds 32 or 64 events, which is not published",
  fits: [[fit, depths.map((depth) => ({ ...seneca, of: `${seneca.of}, over an SRAM of ${depth} events` }))]],
  atLeast: { factor: 2, because: 'there is one figure, of one FIFO' },
  widened: sramEnergy.widened,
});

export const fifo: Estimator<'depth' | 'technologyNm' | 'supplyV', Figure> = {
  name: 'fifo',
  of: 'a FIFO of address events of 32 bits',
  kinds: undefined,
  range: {
    depth: { unit: 'events', low: 1, high: 65_536 },
    technologyNm: nodeRange,
    supplyV: supplyRange,
  },
  reach: ({ technologyNm }) => ({ supplyV: supplyReach(technologyNm) }),
  figures: { pushPj: energy, popPj: energy, areaUm2: sramArea },
  values: ({ depth, technologyNm, supplyV }) => {
    const { pushPj, popPj, areaUm2 } = ofSram(depth, technologyNm, supplyV);
    return { pushPj: factor * pushPj, popPj: factor * popPj, areaUm2 };
  },
};
