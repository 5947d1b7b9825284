import { type ChipModel, PlasticoreError, type ProgramView } from '../api.ts';

/**
 * Checks that an hw-model's chip has ticks and no time within them: all cores do what is due in a tick, and the barrier
 * is its length.
 *
 * @throws PlasticoreError `fit`
 */
export function checkTicks(image: ProgramView, chip: ChipModel | undefined): ChipModel {
  const fail = (message: string, hint: string): never => {
    throw new PlasticoreError('fit', `hw-model '${image.core.hwModel}' ${message}`, { hint });
  };
  if (chip === undefined)
    return fail('has no section chip: expected a mesh of cores', 'see hw-model truenorth');
  if (chip.mesh.coresPerTile !== 1)
    fail(`has ${chip.mesh.coresPerTile} cores in a tile, expected 1`, 'packets name cores by their distance');
  const { send, receive, tile, hop, link } = chip.costs;
  const times = [send.latencyNs, receive.latencyNs, tile.latencyNs, hop.latencyNs.x, hop.latencyNs.y];
  const takesTime = image.costs.work.some(
    ({ stated }) => stated === undefined || stated.cyclesPerItem > 0 || stated.cyclesPerTile > 0,
  );
  if (takesTime || link?.packetNs !== undefined || times.some((ns) => ns > 0))
    fail(
      'states times of kernels or packets: expected a tick, the latency of the barrier, and no time within it',
      'set them to 0, and state no packetNs of links',
    );
  return chip;
}
