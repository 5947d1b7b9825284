import type { HwModel, NetworkCost, Source } from '../../hardware/index.ts';
import type { Image } from '../../image/index.ts';
import { coresOf } from './find-placement.ts';

/** The image with what its chip's network costs. */
export function withNetwork(image: Image, hw: HwModel): Image {
  const { chip } = hw;
  if (chip === undefined) return image;
  const { send, receive, tile, hop, barrier } = chip.costs;
  const cost = (energyPj: number, { kind }: Source) => ({ energyPj, sourceKind: kind });
  const network: NetworkCost = {
    costSet: chip.costSet,
    cores: coresOf(hw),
    events: {
      send: cost(send.energyPj, send.source),
      receive: cost(receive.energyPj, receive.source),
      tile: cost(tile.energyPj, tile.source),
      hopX: cost(hop.energyPj.x, hop.source),
      hopY: cost(hop.energyPj.y, hop.source),
      barrier: cost(barrier.energyPj, barrier.source),
    },
  };
  return { ...image, costs: { ...image.costs, network } };
}
