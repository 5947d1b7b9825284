import type { CostTable, HwModel, NetworkCost, Source } from '../../hardware/index.ts';
import { type Image, isSpread, type ProgramView } from '../../image/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { checkMicrocode, shortagesIn } from '../checks/index.ts';
import { type CostBasis, costBasis, deriveCosts } from '../costs/index.ts';
import { coresOf } from './find-placement.ts';

/** The image with what its chip's network costs. */
export function withNetwork<View extends ProgramView>(image: View, hw: HwModel): View {
  return hw.chip === undefined ? image : { ...image, costs: withNetworkCosts(image.costs, hw) };
}

/**
 * The prices of a compiled program on another model of its core, which does the same at other costs.
 *
 * @throws PlasticoreError `fit` if the core lacks a unit
 */
export function pricesOn(basis: CostBasis, hw: HwModel): CostTable {
  return withNetworkCosts(deriveCosts(basis, hw), hw);
}

/**
 * The image as compiled for another model of its core, which does the same (see `functionOf`).
 *
 * @throws PlasticoreError `fit` if a bank or a memory for microcode is too small, or a unit is missing
 */
export function imageOn<View extends ProgramView>(
  image: View,
  hw: HwModel,
  basis: CostBasis = costBasis(image),
): View {
  const banks = image.banks.map((bank) => ({
    ...bank,
    capacityBits: hw.banks.find(({ name }) => name === bank.name)?.capacityBits ?? 0,
  }));
  // The cores of a chip share what a program stores, and have been found large enough when it was compiled.
  const shortages = hw.chip === undefined ? shortagesIn(banks) : [];
  if (shortages.length > 0) {
    const { program, core } = image;
    throw new PlasticoreError(
      'fit',
      `program '${program}' at ${core.precision} does not fit hw-model '${hw.name}': ${shortages.join('; ')}`,
    );
  }
  if (hw.chip === undefined) checkMicrocode(image, hw);
  return { ...image, core: { ...image.core, hwModel: hw.name }, banks, costs: pricesOn(basis, hw) };
}

/** The image and each of its cores, at the prices of another model of the same memories. */
export function repriced(image: Image, hw: HwModel): Image {
  const cores = image.cores.map((core) => {
    const basis = costBasis(core.image);
    const costs = isSpread(image) ? deriveCosts(basis, hw) : pricesOn(basis, hw);
    return { ...core, image: { ...core.image, costs } };
  });
  return { ...image, costs: pricesOn(costBasis(image), hw), cores };
}

function withNetworkCosts(costs: CostTable, hw: HwModel): CostTable {
  const { chip } = hw;
  if (chip === undefined) return costs;
  const { send, receive, tile, hop, barrier } = chip.costs;
  const cost = (energyPj: number, { name }: Source) => ({ energyPj, source: name });
  const network: NetworkCost = {
    costSet: chip.costSet,
    cores: coresOf(hw),
    events: {
      send: cost(send.energyPj, send.source),
      receive: cost(receive.energyPj, receive.source),
      tile: cost(tile.energyPj, tile.source),
      hopX: cost(hop.energyPj.x, hop.sources.x),
      hopY: cost(hop.energyPj.y, hop.sources.y),
      barrier: cost(barrier.energyPj, barrier.source),
    },
  };
  return { ...costs, network };
}
