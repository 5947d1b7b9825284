import { describe, expect, test } from 'vitest';
import { deploy, noSettings, parseSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { type CoreImage, coreImageOf } from '../../src/image/index.ts';
import { microcodeUnit, microcodeWords, scheduleMicrocode } from '../../src/microcode/index.ts';
import { at } from '../../src/text/index.ts';
import { imageOf, roundCore } from '../support/core.ts';

function bundled(program: string, precision = 'mp8-8', set: readonly string[] = []): CoreImage {
  const settings = set.length === 0 ? noSettings : parseSettings(set);
  const choice = {
    program: { name: program, from: '' },
    hw: { name: 'reference', from: '' },
    precision,
    seed: 1,
    settings,
  };
  return coreImageOf(deploy(choice, findFile).image);
}

/** The microcode of a kernel over four neurons with a field of 8 bits and a wider one. */
function alone(lines: string, unit = microcodeUnit) {
  const image = imageOf(
    `format: plasticore/program/1
name: alone
populations: {n: {size: 4, fields: {v: {kind: integer, bits: 8}, w: {kind: integer, bits: 12}, b: {kind: integer, bits: 1, overflow: saturate-symmetric}}}}
input: n
projections: {}
microcode: {rule: rule.uc}
events: {tick: [{run: alone, over: n}]}
readout: n.v
`,
    `kernel alone over neurons\n${lines}\nend\n`,
    roundCore.replaceAll('wordBits: 16', 'wordBits: 32'),
  );
  return scheduleMicrocode(at(image.kernels, 0), image, unit);
}

const cyclesOf = ({ operations }: ReturnType<typeof alone>): number[] => operations.map(({ cycle }) => cycle);

describe('the microcode of a kernel', () => {
  test('an operation waits for what it reads: a loaded item for 3 cycles, or 4 if it is kept, a sum for 3, a shift for 7', () => {
    // The word of v is kept, for two readers: 3 + 1. The shift issues in 4, the difference 7 later, and is stored
    // 3 + 1 cycles after that. Two operations share one issue a cycle.
    const leak = alone('ld r0, self.v\nsra r1, r0, 2\nsub r0, r0, r1\nst r0, self.v');
    expect(cyclesOf(leak)).toEqual([4, 11]);
    expect(leak).toMatchObject({
      intervalCycles: 2,
      drainCycles: 15,
      boundBy: 'issue',
      loads: [{ cycle: 0, register: 0 }],
    });
  });

  test('an item that one operation reads is taken as it comes, and a store rides', () => {
    const mark = alone('ld r0, self.v\nadd r0, r0, 1\nst r0, self.v');
    expect(cyclesOf(mark)).toEqual([3]);
    expect(mark).toMatchObject({
      intervalCycles: 1,
      drainCycles: 7,
      loads: [{ cycle: 0, register: undefined }],
    });
    expect(mark.operations).toMatchObject([{ does: 'add', fit: { to: 'signed', bits: 8 } }]);
  });

  test('a flag is read as a predicate a cycle later than as a number', () => {
    // In 3 + 3 + 1 cycles; but that is as odd as 3, and of two words the other one is free.
    const chosen = alone('ld r0, self.v\ncmp.lt r1, r0, 5\nsel r2, r1, 1, 0\nst r2, self.w');
    expect(cyclesOf(chosen)).toEqual([3, 8]);
  });

  test('latencies are those of the unit', () => {
    const slower = { ...microcodeUnit, short: 5, long: 9 };
    expect(cyclesOf(alone('ld r0, self.v\nsra r1, r0, 2\nsub r0, r0, r1\nst r0, self.v', slower))).toEqual([
      4, 13,
    ]);
  });

  test('what is clipped to a range of bits is a saturation, and no operation', () => {
    const clipped = alone('ld r0, self.v\nsra r0, r0, 1\nclip r0, r0, -31, 31\nst r0, self.v');
    expect(clipped.operations).toMatchObject([{ does: 'shift', fit: { to: 'symmetric', bits: 6 } }]);
    expect(
      alone('ld r0, self.v\nsra r0, r0, 1\nclip r0, r0, -30, 31\nst r0, self.v').operations,
    ).toMatchObject([{ does: 'shift' }, { does: 'max' }, { does: 'min' }]);
  });

  test('a value that others read, too, is not saturated for them', () => {
    const { operations } = alone('ld r0, self.w\nadd r1, r0, 1\nst r1, self.v\nst r1, self.w');
    expect(operations).toMatchObject([
      { does: 'add', fit: undefined },
      { fit: { bits: 8 } },
      { fit: { bits: 12 } },
    ]);
  });

  test('a difference that may wrap is saturated after it has: -64 - (2^31 - 32) is more than any field holds', () => {
    const wraps = 'ld r0, self.v\nneg.s r0, r0\nshr r1, r0, 1\nsub.w r0, r0, r1\nst r0, self.v';
    expect(alone(wraps).operations.slice(-2)).toMatchObject([
      { does: 'sub', fit: undefined, store: undefined },
      { does: 'pass', fit: { to: 'signed', bits: 8 } },
    ]);
    // That of two items of 8 bits does not.
    expect(alone('ld r0, self.v\nsub.w r0, r0, 1\nst r0, self.v').operations).toMatchObject([
      { does: 'sub', fit: { to: 'signed', bits: 8 } },
    ]);
  });

  test('a product that is only shifted is shifted as it is made', () => {
    const { operations } = alone('ld r0, self.v\nmul r1, r0, 3\nsra.rn r1, r1, 4\nst r1, self.v');
    expect(operations).toMatchObject([
      { does: 'shift', rounding: 'nearest', amount: { value: 4 }, b: { is: 'scalar' } },
    ]);
  });

  test('what nobody reads is left out, but a draw steps the generators', () => {
    const { operations } = alone('ld r0, self.v\nadd r1, r0, 1\nrnd r2, 4\nst r0, self.v');
    expect(operations).toMatchObject([{ does: 'shift', ofRandom: true }, { does: 'pass' }]);
  });

  test('no two results come in one cycle', () => {
    // A shift that issues in 3 gives its result 7 later, in 10; a sum that issues in 7 would give it then, too. With an
    // interval of 4, sum and shift would also share 3 modulo 4.
    const { operations, intervalCycles } = alone(
      'ld r0, self.v\nsra r1, r0, 1\nst r1, self.v\nldi r2, 1\nadd r3, r2, 2\nst r3, self.w',
    );
    const results = operations.map(
      ({ cycle, does }) => (cycle + (does === 'shift' ? 7 : 3)) % intervalCycles,
    );
    expect(new Set(results).size).toBe(results.length);
  });
});

describe('refused, by kernel and line', () => {
  test.each([
    [
      'ld r0, self.w\nmul r1, r0, r0\nmulsra r2, r1, r0, 20\nst r2, self.v',
      "kernel alone, line 3, 'mulsra': its product may be -8589934592 to 8585740288; a lane holds 32 bits",
    ],
    ['ld r0, self.v\nst r0, self.b', "kernel alone, line 2, 'st': saturates one bit symmetrically"],
    [
      'rnd r0, 0\nst r0, self.v',
      "kernel alone, line 1, 'rnd': draws no bits, and a lane’s shift has no such amount",
    ],
  ])('%j', (lines, message) => {
    expect(() => alone(lines)).toThrow(message);
  });

  test('more operations than words', () => {
    const lines = `ld r0, self.v\n${'add.s r0, r0, 1\n'.repeat(5)}st r0, self.v`;
    expect(() => alone(lines, { ...microcodeUnit, kernelWords: 4 })).toThrow(
      'kernel alone: 5 operations have no room in 4 words: issue',
    );
  });
});

/** Follows tiles through the words of a kernel: each reads what its own operations have written. */
function follow({ operations, loads, intervalCycles }: ReturnType<typeof alone>): string[] {
  const { registers, short, long, load: loading, broadcast, keep } = microcodeUnit;
  const faults: string[] = [];
  const written = { results: new Map<number, string>(), loads: new Map<number, string>() };
  const tiles = 40;
  type Event = {
    readonly cycle: number;
    readonly isWrite: boolean;
    readonly file: 'results' | 'loads';
    readonly register: number;
    readonly tag: string;
  };
  const events: Event[] = [];
  const used = new Set<string>();
  const use = (what: string): void => {
    if (used.has(what)) faults.push(`${what} is used twice`);
    used.add(what);
  };
  for (let tile = 0; tile < tiles; tile++) {
    const entered = tile * intervalCycles;
    const physical = (name: number): number => (name + tile) % registers;
    for (const [index, { cycle, does, register, a, b, predicate }] of operations.entries()) {
      const latency = does === 'shift' ? long : short;
      use(`issue ${entered + cycle}`);
      use(`result ${entered + cycle + latency}`);
      const read = (file: Event['file'], name: number, tag: string): void =>
        void events.push({
          cycle: entered + cycle,
          isWrite: false,
          file,
          register: physical(name),
          tag: `${tag} of tile ${tile}`,
        });
      for (const source of [a, b, predicate]) {
        if (source?.is === 'result')
          read('results', at(operations, source.operation).register ?? -1, `result ${source.operation}`);
        const load = source?.is === 'load' ? at(loads, source.load) : undefined;
        if (load?.register !== undefined && source?.is === 'load')
          read('loads', load.register, `load ${source.load}`);
        if (load !== undefined && load.register === undefined)
          expect(cycle).toBe(load.cycle + load.words - 1 + loading + (load.isOfRow ? broadcast : 0));
      }
      // A register is written at the end of the cycle before it may be read.
      if (register !== undefined)
        events.push({
          cycle: entered + cycle + latency - 0.5,
          isWrite: true,
          file: 'results',
          register: physical(register),
          tag: `result ${index} of tile ${tile}`,
        });
    }
    for (const [index, { cycle, bank, words, register, isOfRow }] of loads.entries()) {
      for (let word = 0; word < words; word++) use(`bank ${bank} ${entered + cycle + word}`);
      const there = entered + cycle + words - 1 + loading + (isOfRow ? broadcast : 0);
      if (register === undefined) continue;
      use(`keep ${there}`);
      events.push({
        cycle: there + keep - 0.5,
        isWrite: true,
        file: 'loads',
        register: physical(register),
        tag: `load ${index} of tile ${tile}`,
      });
    }
  }
  for (const { cycle, isWrite, file, register, tag } of events.sort((x, y) => x.cycle - y.cycle)) {
    if (isWrite) written[file].set(register, tag);
    else if (written[file].get(register) !== tag)
      faults.push(`cycle ${cycle}: ${tag} expected, ${written[file].get(register)} found`);
  }
  return faults;
}

test.each([
  ['mnist-snn', 'mp8-8'],
  ['mnist-snn', 'mp16-8'],
  ['mnist-stdp', 'mp16-8'],
  ['shd-snn', 'mp16-8'],
])('tiles of %s at %s read their own registers, and no port twice in a cycle', (program, precision) => {
  const image = bundled(program, precision);
  for (const kernel of image.kernels)
    expect(follow(scheduleMicrocode(kernel, image, microcodeUnit)), kernel.name).toEqual([]);
});

test('rows follow one another where none comes back to what another has stored', () => {
  const image = bundled('mnist-snn');
  const rows = image.kernels
    .filter(({ domain }) => domain === 'synapses')
    .map((kernel) => scheduleMicrocode(kernel, image, microcodeUnit).drainsRows);
  expect(rows).toEqual([false, false, false]);
});

test('in words, as a person reads them', () => {
  const image = bundled('mnist-snn', 'mp8-8', ['hw.inferenceWeights=sliced']);
  expect(microcodeWords(image, microcodeUnit)).toContain(`; learn(hiddenToOutput)
kernel learn over synapses where pre.trace and post.signal
; a tile every 2 cycles, bound by issue; done 15 cycles after it has entered; rows follow one another
  word  cycle
     0      0  state: ld pre.trace
     0      4  pre.trace x post.signal >> #learn(hiddenToOutput).rate stochastic -> r0
     0      8  shadow: ld syn.shadow
     1      1  state: ld post.signal
     1     11  add syn.shadow, r0 | symmetric 8 bits -> st syn.shadow
end`);
});
