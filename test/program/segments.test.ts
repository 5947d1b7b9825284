import { describe, expect, it } from 'vitest';
import { denseSegments, longestRow } from '../../src/program/index.ts';

describe('segments', () => {
  it('of a dense projection are one a row, onto every neuron', () => {
    const segments = denseSegments(3, 4);
    expect([...segments.rowStart]).toEqual([0, 1, 2, 3]);
    expect([...segments.firstWeight]).toEqual([0, 4, 8]);
    expect([...segments.firstPost]).toEqual([0, 0, 0]);
    expect([...segments.length]).toEqual([4, 4, 4]);
    expect(longestRow(segments)).toBe(4);
  });

  it('add up to the longest row', () => {
    // Row 0: 2 + 3 synapses; row 1: none; row 2: 4
    expect(
      longestRow({
        rowStart: Uint32Array.of(0, 2, 2, 3),
        firstWeight: Uint32Array.of(0, 2, 5),
        firstPost: Uint32Array.of(1, 7, 0),
        length: Uint32Array.of(2, 3, 4),
      }),
    ).toBe(5);
  });
});
