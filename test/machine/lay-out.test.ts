import { describe, expect, it } from 'vitest';
import { type Axons, distribute, layOutParts, spikeHops } from '../../src/compiler/index.ts';
import { Mesh } from '../../src/hardware/index.ts';
import type { Placement } from '../../src/image/index.ts';

const line = new Mesh({ columns: 4, rows: 1, coresPerTile: 1, numbering: 'by-row' });
const square = new Mesh({ columns: 3, rows: 3, coresPerTile: 1, numbering: 'by-row' });

/** A population of ten neurons for each letter, on the cores given. */
function ten(cores: Readonly<Record<string, number>>): Placement {
  return Object.fromEntries(
    Object.entries(cores).map(([name, core]) => [name, [{ first: 0, size: 10, core }]]),
  );
}

/** Each neuron of a population has synapses onto each population that it is linked to: ten axons a link. */
function links(cores: Readonly<Record<string, number>>, pairs: readonly string[]): Axons {
  const axons = new Map<number, Map<number, number>>();
  for (const [from = '', to = ''] of pairs) {
    const own = axons.get(cores[from] ?? 0) ?? new Map<number, number>();
    axons.set(cores[from] ?? 0, own.set(cores[to] ?? 0, 10));
  }
  return axons;
}

function laidOut(
  mesh: Mesh,
  cores: Readonly<Record<string, number>>,
  pairs: readonly string[],
  pinned?: ReadonlySet<number>,
): Record<string, number> {
  const placement = layOutParts(ten(cores), links(cores, pairs), mesh, pinned);
  return Object.fromEntries(Object.entries(placement).map(([name, [slice]]) => [name, slice?.core ?? -1]));
}

describe('cores are laid out so that spikes make few hops', () => {
  it('a chain lies in order, from either end', () => {
    const { a, b, c, d } = laidOut(line, { a: 2, b: 0, c: 3, d: 1 }, ['ab', 'bc', 'cd']);
    expect([
      [0, 1, 2, 3],
      [3, 2, 1, 0],
    ]).toContainEqual([a, b, c, d]);
  });

  it('a chain that lies in order stays', () => {
    expect(laidOut(line, { a: 0, b: 1, c: 2, d: 3 }, ['ab', 'bc', 'cd'])).toEqual({ a: 0, b: 1, c: 2, d: 3 });
  });

  it('the core to which four others send is next to each of them', () => {
    // In a square of 3 x 3 only the middle, core 4, has four neighbours: 1, 3, 5 and 7.
    const cores = { a: 0, b: 1, c: 2, d: 6, h: 8 };
    const { h, ...senders } = laidOut(square, cores, ['ah', 'bh', 'ch', 'dh']);
    expect(h).toBe(4);
    expect(Object.values(senders).sort()).toEqual([1, 3, 5, 7]);
  });

  it('around a core that is pinned', () => {
    // The end of the line has one neighbour, and the next core is two hops away: 10 x (1 + 2) hops.
    const cores = { a: 1, h: 3, b: 0 };
    const { a, h, b } = laidOut(line, cores, ['ah', 'bh'], new Set([3]));
    expect(h).toBe(3);
    expect([a, b].sort()).toEqual([1, 2]);
  });

  it('and within a tile, where packets make no hop', () => {
    const tiles = new Mesh({ columns: 2, rows: 1, coresPerTile: 2, numbering: 'by-row' });
    const { a, b } = laidOut(tiles, { a: 0, b: 3 }, ['ab']);
    expect(tiles.tileOf[a ?? 0]).toBe(tiles.tileOf[b ?? 0]);
  });
});

it('hops are counted for each neuron and core, but not for a core itself', () => {
  // Ten neurons of core 0 reach cores 0, 1 and 3; four of core 3 reach core 1: 10 x (1 + 3) + 4 x 2 hops.
  const axons: Axons = new Map([
    [
      0,
      new Map([
        [0, 10],
        [1, 10],
        [3, 10],
      ]),
    ],
    [3, new Map([[1, 4]])],
  ]);
  expect(spikeHops(axons, (a, b) => line.hops(a, b))).toEqual({ packets: 24, hops: 48 });
});

describe('populations are distributed by what they take of a core', () => {
  const portion = (name: string, size: number, load: number) => ({
    name,
    size,
    load,
    sliceLoad: 0,
    least: 1,
    most: size,
  });

  it('a small one is on one core, and the one that has the least', () => {
    // 8 of 10 parts of the load: 4 x 0.8 = 3.2, so 4 slices of 20; then 4 x 0.15 and 4 x 0.05, one slice each.
    const placement = distribute(
      [portion('small', 5, 0.05), portion('large', 80, 0.8), portion('middle', 30, 0.15)],
      [0, 1, 2, 3],
      1,
    );
    expect(placement.large?.map(({ first, size, core }) => [first, size, core])).toEqual([
      [0, 20, 0],
      [20, 20, 1],
      [40, 20, 2],
      [60, 20, 3],
    ]);
    expect(placement.middle).toEqual([{ first: 0, size: 30, core: 0 }]);
    expect(placement.small).toEqual([{ first: 0, size: 5, core: 1 }]);
  });

  it('and cut between tiles, no finer than it may be', () => {
    const whole = { ...portion('whole', 48, 1), most: 1 };
    const placement = distribute([portion('a', 48, 1), whole], [0, 1, 2, 3], 16);
    // Half of the load: two slices of 1.5 tiles would cut one, so 16 and 32 neurons.
    expect(placement.a?.map(({ first, size }) => [first, size])).toEqual([
      [0, 16],
      [16, 32],
    ]);
    expect(placement.whole).toHaveLength(1);
  });
});
