import { describe, expect, it } from 'vitest';
import { writeNpz } from '../../src/data/index.ts';
import { connectionOf, createProgram } from '../../src/program/index.ts';
import { expectError } from '../support/errors.ts';

type Sparse = Readonly<Record<string, unknown>>;

const programOf = (sparse: Sparse, pre: number, post: number) =>
  createProgram(
    {
      name: 'net',
      input: 'a',
      populations: { a: { size: pre }, b: { size: post, fields: { v: { bits: 8 } } } },
      projections: { p: { from: 'a', to: 'b', connect: { sparse } } },
      microcode: {},
      events: { tick: [] },
      readout: 'b.v',
    },
    {
      arrays: (reference) => ({
        bytes: writeNpz({
          indptr: { shape: [4], data: Int32Array.of(0, 2, 2, 5) },
          indices: { shape: [5], data: Int32Array.of(1, 3, 0, 0, 2) },
        }),
        file: reference,
      }),
    },
  );

const connected = (sparse: Sparse, pre: number, post: number) =>
  connectionOf(programOf(sparse, pre, post), 'p');

/** The first neuron of each block of targets, by pre-synaptic neuron. */
const rowsOf = (sparse: Sparse, pre: number, post: number): number[][] => {
  const { rowStart, firstPost } = connected(sparse, pre, post).segments;
  return Array.from({ length: pre }, (_, row) => [...firstPost.slice(rowStart[row], rowStart[row + 1])]);
};

const ascends = (row: readonly number[]): boolean =>
  row.every((post, at) => at === 0 || post > (row[at - 1] ?? 0));

describe('drawn targets', () => {
  it('are as many as fanOut says, each once, in ascending order', () => {
    const rows = rowsOf({ fanOut: 20 }, 200, 50);
    expect(rows.every((row) => row.length === 20 && ascends(row))).toBe(true);
    expect(rows.every((row) => row.every((post) => post >= 0 && post < 50))).toBe(true);
    // 200 x 20 / 50 on average; the standard deviation is the root of 200 x 0.4 x 0.6, about 7.
    const fanIn = Array.from({ length: 50 }, (_, post) => rows.filter((row) => row.includes(post)).length);
    expect(Math.max(...fanIn)).toBeLessThan(80 + 35);
    expect(Math.min(...fanIn)).toBeGreaterThan(80 - 35);
  });

  it('may be all of them', () => {
    const all = Array.from({ length: 7 }, (_, post) => post);
    for (const sparse of [{ fanOut: 7 }, { probability: 1 }, { fanOut: 7, equalFanIn: true }])
      expect(rowsOf(sparse, 3, 7)).toEqual([all, all, all]);
  });

  it('depend on their seed', () => {
    const rows = rowsOf({ fanOut: 5, seed: 1 }, 10, 100);
    expect(rowsOf({ fanOut: 5, seed: 1 }, 10, 100)).toEqual(rows);
    expect(rowsOf({ fanOut: 5, seed: 2 }, 10, 100)).not.toEqual(rows);
  });

  it('have the probability stated, and gaps of any length', () => {
    const rows = rowsOf({ probability: 0.01 }, 400, 1000);
    const count = rows.flat().length;
    // 4000 on average; the standard deviation is 63.
    expect(Math.abs(count - 4000)).toBeLessThan(320);
    expect(rows.every(ascends)).toBe(true);
    const halves = rows.flat().filter((post) => post < 500).length;
    expect(Math.abs(halves - count / 2)).toBeLessThan(160);
    // Far longer than the table of gaps.
    const rare = rowsOf({ probability: 1e-6 }, 8, 2 ** 20).flat().length;
    expect(Math.abs(rare - 8.4)).toBeLessThan(15);
  });

  it('come in blocks that start at multiples of their length', () => {
    const { segments, weightRows, weightRowLength, longestRow } = connected({ fanOut: 12, block: 4 }, 5, 22);
    expect([...segments.length]).toEqual(new Array(15).fill(4));
    expect([...segments.firstPost].every((post) => post % 4 === 0 && post < 20)).toBe(true);
    expect([...segments.firstWeight]).toEqual(Array.from({ length: 15 }, (_, block) => 4 * block));
    expect([weightRows, weightRowLength, longestRow]).toEqual([1, 60, 12]);
  });

  it('are shared out equally where equalFanIn says so', () => {
    const rows = rowsOf({ fanOut: 9, equalFanIn: true }, 100, 40);
    expect(rows.every((row) => row.length === 9 && ascends(row))).toBe(true);
    const fanIn = Array.from({ length: 40 }, (_, post) => rows.filter((row) => row.includes(post)).length);
    // 900 synapses onto 40 neurons.
    expect(new Set(fanIn)).toEqual(new Set([22, 23]));
  });
});

describe('listed targets', () => {
  it('come from arrays, in the order of SciPy', () => {
    const sparse = {
      starts: { file: 'g.npz', array: 'indptr' },
      targets: { file: 'g.npz', array: 'indices' },
    };
    // Neuron 1 has none, and neuron 2 has neuron 0 twice.
    expect(rowsOf(sparse, 3, 4)).toEqual([[1, 3], [], [0, 0, 2]]);
    expect([...connected(sparse, 3, 4).segments.firstWeight]).toEqual([0, 1, 2, 3, 4]);
    expect(programOf(sparse, 3, 4).arrays.get('p.connect.targets')?.origin).toMatchObject({
      file: 'g.npz',
      array: 'indices',
    });
  });

  const list = (starts: number[], targets: number[]) => () =>
    connected({ starts: { values: starts }, targets: { values: targets } }, 2, 4);

  it('are refused where they do not list targets', () => {
    const expectFault = (starts: number[], targets: number[], ...parts: string[]): void =>
      expectError(list(starts, targets), 'invalid-value', ...parts);
    expectFault([0, 1], [1], 'expected 3 numbers, one for each neuron and the end, found 2');
    expectFault([1, 1, 1], [1], 'item 0 is 1; expected a whole number from 0 to 0');
    expectFault([0, 1, 0], [1], 'item 2 is 0; expected a whole number from 1 to 1');
    expectFault([0, 1, 1], [1, 2], 'the last item is 1, but there are 2 targets');
    expectFault([0, 1, 2], [1, 4], 'item 1 is 4; expected a neuron from 0 to 3');
    expectFault([0, 1, 2], [1, 1.5], 'item 1 is 1.5');
    expectFault([0, 2, 2], [3, 1], 'item 1 is 1, after 3, in the list of neuron 0', 'sort_indices()');
  });
});

describe('a sparse connection is refused', () => {
  const expectFault = (sparse: Sparse, ...parts: string[]): void =>
    expectError(() => connected(sparse, 4, 10), 'invalid-value', ...parts);

  it('without a rule, or with two', () => {
    expectFault({}, 'expected one of fanOut, probability, targets, found none');
    expectFault({ fanOut: 2, probability: 0.1 }, 'found fanOut and probability');
    expectFault({ starts: { values: [0] }, fanOut: 1 }, "'starts' and 'targets' go together");
    expectFault({ probability: 2 }, 'expected a probability of at most 1, found 2');
    expectFault({ probability: 0.5, equalFanIn: true }, "'equalFanIn' goes with 'fanOut'");
  });

  it('with more targets than there are, or with parts of blocks', () => {
    expectFault({ fanOut: 11 }, 'expected at most 10, found 11');
    expectFault({ fanOut: 10, block: 4 }, 'expected a fanOut of whole blocks of 4, found 10');
    expectFault({ fanOut: 20, block: 20 }, "a block of 20 neurons is more than 'p' leads to: 10");
  });

  it('with no synapse, or with too many', () => {
    expectFault({ probability: 0 }, "'p' has no synapse");
    expectError(
      () => connected({ fanOut: 2000 }, 2 ** 14, 2 ** 14),
      'invalid-value',
      'more than 16777216 synapses',
    );
  });
});
