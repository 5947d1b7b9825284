import { describe, expect, it } from 'vitest';
import { type Core, engineNames, runSample } from '../../../src/engine/index.ts';
import { counts, countsOf, imageOf, loaderOn, roundCore, spikeTrain, valuesOf } from '../../support/core.ts';

describe.each(engineNames)('on the %s engine', (engineName) => {
  const engineWith = loaderOn(engineName);

  describe('a record', () => {
    const records = (list: string): string => `format: plasticore/program/1
name: record
steps: 1
input: p
populations:
  p:
    size: 6
    fields:
      a: {bits: 3, record: r}
      alone: {bits: 8}
      b: {bits: 4, signed: false, record: r}
      c: {kind: flag, record: r}
microcode: ${list.includes('run') ? '{rule: rule.uc}' : '{}'}
events:
  tick: [${list}]
readout: p.a
`;
    const kernels = `
kernel writeB over neurons
  ldi  r0, 9
  st   r0, self.b
end
kernel turnB over neurons
  ld   r0, self.b
  add  r0, r0, 3
  st   r0, self.b
end
kernel writeAll over neurons
  ldi    r0, -3
  cmp.eq r1, r0, r0
  st     r0, self.a
  st     r1, self.c
  ldi    r2, 6
  st     r2, self.b
end
kernel writeOpen over neurons where self.c
  ldi  r0, 1
  st   r0, self.alone
end
kernel readBoth over neurons
  ld   r0, self.a
  ld   r1, self.b
  add  r0, r0, r1
  st   r0, self.alone
end
`;
    // Eight bits an item, two items a word: a in bits 0 to 2, b in 3 to 6, c in 7. Then `alone` in words 3 to 5.
    const item = (a: number, b: number, c: number): number => (a & 7) | (b << 3) | (c << 7);
    const state = [
      item(1, 2, 0) | (item(-1, 3, 1) << 8),
      item(2, 4, 0) | (item(-2, 5, 1) << 8),
      item(3, 6, 1) | (item(-4, 7, 0) << 8),
      0x0201,
      0x0403,
      0x0605,
    ];

    function runRecord(list: string, bitMask: boolean): Core {
      const text = bitMask ? roundCore.replaceAll('bitMask: false', 'bitMask: true') : roundCore;
      const engine = engineWith(imageOf(records(list), kernels, text), { state });
      runSample(engine, spikeTrain([]), { label: 0, learn: true });
      return engine;
    }

    it('holds its fields side by side', () => {
      const engine = runRecord('{run: readBoth, over: p}', true);
      expect(valuesOf(engine, 'p.a')).toEqual([1, -1, 2, -2, 3, -4]);
      expect(valuesOf(engine, 'p.b')).toEqual([2, 3, 4, 5, 6, 7]);
      expect(valuesOf(engine, 'p.c')).toEqual([0, 1, 0, 1, 1, 0]);
      expect(valuesOf(engine, 'p.alone')).toEqual([3, 2, 6, 3, 9, 3]);
      // Two loads of one record touch its three words once.
      expect(countsOf(engine, 'readBoth(p)')).toMatchObject({ reads: [0, 0, 3], writes: [0, 0, 3] });
    });

    it.each([
      [true, 0],
      [false, 3],
    ])('written in part costs a read unless the bank has a bit mask (%s)', (bitMask, reads) => {
      const engine = runRecord('{run: writeB, over: p}', bitMask);
      expect(valuesOf(engine, 'p.a')).toEqual([1, -1, 2, -2, 3, -4]);
      expect(valuesOf(engine, 'p.b')).toEqual([9, 9, 9, 9, 9, 9]);
      expect(valuesOf(engine, 'p.c')).toEqual([0, 1, 0, 1, 1, 0]);
      expect(countsOf(engine, 'writeB(p)')).toMatchObject({ reads: [0, 0, reads], writes: [0, 0, 3] });
    });

    it('is not read again by a kernel that has read it', () => {
      const engine = runRecord('{run: turnB, over: p}', false);
      expect(valuesOf(engine, 'p.b')).toEqual([5, 6, 7, 8, 9, 10]);
      expect(countsOf(engine, 'turnB(p)')).toMatchObject({ reads: [0, 0, 3], writes: [0, 0, 3] });
    });

    it('written whole is not read', () => {
      const engine = runRecord('{run: writeAll, over: p}', false);
      expect(valuesOf(engine, 'p.a')).toEqual([-3, -3, -3, -3, -3, -3]);
      expect(valuesOf(engine, 'p.c')).toEqual([1, 1, 1, 1, 1, 1]);
      expect(countsOf(engine, 'writeAll(p)')).toMatchObject({ reads: [0, 0, 0], writes: [0, 0, 3] });
    });

    it.each([
      [true, 3],
      [false, 3 + 3],
    ])('as a gate is scanned whole; a gated write is partial (%s)', (bitMask, reads) => {
      const engine = runRecord('{run: writeOpen, over: p}', bitMask);
      expect(valuesOf(engine, 'p.alone')).toEqual([1, 1, 3, 1, 1, 6]);
      // Tiles of four: both have an open neuron.
      expect(countsOf(engine, 'writeOpen(p)')).toEqual(
        counts({
          runs: 1,
          passes: 1,
          tiles: 2,
          items: 3,
          scannedTiles: 2,
          reads: [0, 0, reads],
          writes: [0, 0, 3],
        }),
      );
    });

    it.each([
      ['p.b', true, 0],
      ['p.b', false, 3],
      ['p.a, p.b, p.c', false, 0],
    ])('cleared in part (%s) costs a read unless the bank has a bit mask (%s)', (fields, bitMask, reads) => {
      const engine = runRecord(`{clear: [${fields}]}`, bitMask);
      expect(valuesOf(engine, 'p.b')).toEqual([0, 0, 0, 0, 0, 0]);
      expect(valuesOf(engine, 'p.a')).toEqual(fields === 'p.b' ? [1, -1, 2, -2, 3, -4] : [0, 0, 0, 0, 0, 0]);
      expect(countsOf(engine, `clear ${fields}`)).toEqual(
        counts({ runs: 1, tiles: 3, reads: [0, 0, reads], writes: [0, 0, 3] }),
      );
    });
  });
});
