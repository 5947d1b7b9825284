import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

/** The traces of test/golden/traces, by who replays them. */
export const goldenNames = {
  odin: ['odin-lif16', 'odin-lif256', 'odin-sdsp256'],
  reckon: ['reckon-infer128', 'reckon-eprop100'],
  loihi: ['loihi-lif', 'loihi-net', 'loihi-learn'],
  sanafe: ['sanafe-layers', 'sanafe-recurrent', 'sanafe-sparse'],
  ranc: ['ranc-2x2', 'ranc-mesh', 'ranc-tea', 'ranc-axis'],
} as const;

/** Those of the chip that test/chips/n1 describes, its controller as data. */
export const n1Names = ['n1-lif', 'n1-learn', 'n1-mesh'] as const;

export type GoldenName = (typeof goldenNames)[keyof typeof goldenNames][number] | (typeof n1Names)[number];

/** The text of a trace as it was recorded. */
export function goldenText(name: GoldenName): string {
  return goldenBytes(name).toString('utf8');
}

export function goldenBytes(name: GoldenName): Buffer {
  return brotliDecompressSync(readFileSync(new URL(`../golden/traces/${name}.json.br`, import.meta.url)));
}
