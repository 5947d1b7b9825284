import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { createCore } from '../../../src/engine/index.ts';
import { firstDifference, goldenFormat } from '../../../src/golden/index.ts';
import { type CoreImage, coreImageOf } from '../../../src/image/index.ts';
import { list, strictObject, whole, wholes } from '../../../src/text/index.ts';
import { ToyController } from './controller.ts';

/** The toy's program and hw-model are named relative to this file, because they are not bundled. */
const folder = fileURLToPath(new URL('./experiment.yaml', import.meta.url));

const schema = strictObject({
  format: z.literal('toy-golden/1'),
  pours: list(wholes('[bucket, amount]', 2), 'pours'),
  expected: strictObject({
    spikes: list(wholes('[cycle, bucket]', 2), 'spikes'),
    levels: list(whole('a level', 0, 255), 'levels', 4),
  }),
});

export type ToyTrace = z.infer<typeof schema>;

/** Runs pours on the chip and states what it does. */
export function recordToy(pours: ToyTrace['pours'], engine: string, image: CoreImage): ToyTrace {
  const chip = new ToyController(createCore(image, { engine }));
  const spikes: number[][] = [];
  for (const [bucket = 0, amount = 0] of pours) {
    const spiked = chip.pour(bucket, amount);
    if (spiked >= 0) spikes.push([chip.cycle - 1, spiked]);
  }
  return { format: 'toy-golden/1', pours, expected: { spikes, levels: chip.levels() } };
}

export const toyGolden = goldenFormat('toy-golden/1', schema, ({ pours, expected }, { engine, deploy }) => {
  const names = { program: './program.yaml', hw: './core.yaml', from: folder };
  const found = recordToy(
    pours,
    engine,
    coreImageOf(deploy({ ...names, precision: 'own', seed: 1 })),
  ).expected;
  const spike = firstDifference(expected.spikes, found.spikes);
  const level = firstDifference(expected.levels, found.levels);
  const difference = spike ?? level;
  if (difference === undefined) return { agrees: true, summary: `${pours.length} pours` };
  const what = spike === undefined ? `level ${difference.at}` : `spike ${difference.at}`;
  const divergence = { when: 'in the end', what, context: [] };
  return {
    agrees: false,
    divergence: { ...divergence, expected: String(difference.want), found: String(difference.have) },
  };
});
