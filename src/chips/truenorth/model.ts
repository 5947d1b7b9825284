import type { SystemImage } from '../../compiler/index.ts';
import type { ChipModel } from '../../hardware/index.ts';
import type { Image } from '../../image/index.ts';
import { PlasticoreError } from '../../text/index.ts';

/**
 * Checks that an hw-model's chip has ticks and no time within them: all cores do what is due in a tick, and the barrier is
 * its length.
 *
 * @throws PlasticoreError `fit`
 */
export function checkTicks(image: Image, chip: ChipModel | undefined): ChipModel {
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

/** What each core of a chip holds if all have the same image: core c has neurons c x size to (c + 1) x size - 1. */
export function systemOf(image: Image, chip: ChipModel, steps: number): SystemImage {
  const cores = chip.mesh.columns * chip.mesh.rows;
  const slices = image.populations.map(({ size }) =>
    Array.from({ length: cores }, (_, core) => ({ first: core * size, size, core })),
  );
  const names = image.populations.map(({ name }) => name);
  return {
    whole: wholeOf(image, cores, steps),
    placement: Object.fromEntries(names.map((name, index) => [name, slices[index] ?? []])),
    chip,
    cores: Array.from({ length: cores }, (_, number) => ({
      number,
      image,
      populations: image.populations.map(({ size }, population) => ({
        population,
        first: number * size,
        isCopy: false,
      })),
      fields: image.fields.map(({ count }, field) => ({
        field,
        rowLength: count,
        wholeRowLength: count * cores,
        firstColumn: number * count,
        isCopy: false,
      })),
      work: image.work.map((_, work) => work),
    })),
    lists: { sample: [], tick: [], spike: [], previousSpike: [], delayed: [] },
  };
}

/** The image of all cores as one: its sizes are those of the chip. */
function wholeOf(image: Image, cores: number, steps: number): Image {
  return {
    ...image,
    steps,
    banks: image.banks.map((bank) => ({
      ...bank,
      usedWords: cores * bank.usedWords,
      capacityBits: cores * bank.capacityBits,
    })),
    layouts: image.layouts.map((layout) => ({ ...layout, rows: cores * layout.rows })),
    fields: image.fields.map((field) => ({ ...field, count: cores * field.count })),
    populations: image.populations.map((population) => ({ ...population, size: cores * population.size })),
  };
}
