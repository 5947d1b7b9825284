/**
 * Spike-hops of placements, if each neuron but the input's fires once: the slices that the compiler chooses, on cores
 * of the mesh drawn at random (the mean of 200 draws), in the order of populations and neurons from core 0 on, and as
 * the compiler lays them out.
 *
 *     npx tsx test/bench/placement.ts
 */

import { axonsOf, compile, spikeHops } from '../../src/compiler/index.ts';
import { findHwModel, findProgram, parseSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { type HwModel, Mesh, type MeshShape } from '../../src/hardware/index.ts';
import type { Placement } from '../../src/image/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { textTable } from './text-table.ts';

const draws = 200;
const mesh = (columns: number, rows: number): MeshShape => ({
  columns,
  rows,
  coresPerTile: 1,
  numbering: 'by-row',
});
const shapes = new Map([
  [4, mesh(2, 2)],
  [8, mesh(4, 2)],
  [16, mesh(4, 4)],
  [64, mesh(8, 8)],
]);
const programs = [
  ['mnist-snn', ['program.populations.hidden.size=1024']],
  ['shd-rsnn', []],
  ['mnist-csnn', []],
] as const;

/** The cores of a placement in the order of populations and neurons. */
function coresOf(placement: Placement): number[] {
  return [...new Set(Object.values(placement).flatMap((slices) => slices.map(({ core }) => core)))];
}

/** The same slices, each core of the placement become another. */
function moved(placement: Placement, to: readonly number[]): Placement {
  const cores = coresOf(placement);
  return Object.fromEntries(
    Object.entries(placement).map(([name, slices]) => [
      name,
      slices.map((slice) => ({ ...slice, core: to[cores.indexOf(slice.core)] ?? -1 })),
    ]),
  );
}

function shuffled(count: number, dice: Dice): number[] {
  const numbers = [...Array(count).keys()];
  for (let at = count - 1; at > 0; at--) {
    const other = dice.whole(0, at);
    [numbers[at], numbers[other]] = [numbers[other] ?? 0, numbers[at] ?? 0];
  }
  return numbers;
}

function rowOf(name: string, set: readonly string[], cores: number, chipCores: number): string[] {
  const shape = shapes.get(chipCores) ?? mesh(1, 1);
  const settings = parseSettings([...set, `program.placement.cores=${cores}`]);
  const program = findProgram({ name, from: '' }, findFile, settings.program);
  const bundled = findHwModel({ name: 'mesh', from: '' }, 'mp16-8', findFile);
  if (bundled.chip === undefined) throw new Error('hw-model mesh has no chip');
  const hw: HwModel = { ...bundled, chip: { ...bundled.chip, mesh: shape } };
  const start = performance.now();
  const image = compile(program, hw, { precision: 'mp16-8', seed: 1 });
  const { placement } = image;
  const seconds = (performance.now() - start) / 1000;
  const placed = new Mesh(shape);
  const hopsOf = (some: Placement) => spikeHops(axonsOf(image, some), (a, b) => placed.hops(a, b));
  const used = coresOf(placement).length;
  const dice = new Dice(1);
  let random = 0;
  for (let draw = 0; draw < draws; draw++)
    random += hopsOf(moved(placement, shuffled(chipCores, dice))).hops / draws;
  const inOrder = hopsOf(moved(placement, [...Array(used).keys()])).hops;
  const { packets, hops } = hopsOf(placement);
  const than = (other: number): string => (other === 0 ? '-' : (hops / other).toFixed(2));
  return [
    name,
    `${used} of ${shape.columns} x ${shape.rows}`,
    `${packets}`,
    random.toFixed(0),
    `${inOrder}`,
    `${hops}`,
    than(random),
    than(inOrder),
    seconds.toFixed(1),
  ];
}

const rows = new Map<string, readonly string[]>();
for (const [name, set] of programs)
  for (const cores of [4, 8, 16])
    for (const chipCores of [cores, 64]) {
      const row = rowOf(name, set, cores, chipCores);
      // A program may use fewer cores than it is given, and then as many as before.
      rows.set(row.slice(0, 2).join(), rows.get(row.slice(0, 2).join()) ?? row);
    }
const head = [
  'program',
  'cores',
  'packets',
  'random',
  'in order',
  'compiler',
  '/ random',
  '/ in order',
  'compiled, s',
];
console.log(textTable(head, [...rows.values()], 'llrrrrrrr'));
