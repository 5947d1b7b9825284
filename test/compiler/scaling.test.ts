import { describe, expect, it } from 'vitest';
import { runSample } from '../../src/engine/index.ts';
import { type CoreImage, type Price, price } from '../../src/image/index.ts';
import { edit } from '../hardware/tiny.ts';
import {
  costOf,
  countsOf,
  engineWith,
  imageOf,
  roundCore,
  roundFloatCore,
  spikeTrain,
} from '../support/core.ts';

// One spike adds a row of 256 weights to 256 membranes.
const program = `format: plasticore/program/1
name: wide
steps: 1
input: in
populations:
  in: {size: 3}
  out: {size: 256, fields: {v: {bits: 16}}}
projections:
  p: {from: in, to: out}
microcode: {rule: rule.uc}
events:
  tick: [{deliver: in}]
  spike: {in: [{run: integrate, over: p}]}
readout: out.v
`;
const microcode = `
kernel integrate over row
  ld   r0, syn.weight
  ld   r1, post.v
  add  r1, r1, r0
  st   r1, post.v
end
`;

/** Words of 128 bits for weights and of 512 for membranes: 8 weights of 16 bits, or 32 membranes. */
const wideCore = (lanes: number): string =>
  edit(
    edit(
      edit(
        roundCore,
        'weight: {capacityBits: 16384, wordBits: 16',
        'weight: {capacityBits: 16384, wordBits: 128',
      ),
      'state: {capacityBits: 16384, wordBits: 16',
      'state: {capacityBits: 16384, wordBits: 512',
    ),
    'lanes: 4',
    `lanes: ${lanes}`,
  );

function run(image: CoreImage, spikes: readonly number[] = [1]) {
  const engine = engineWith(image);
  runSample(engine, spikeTrain(spikes), { label: 0, learn: false });
  const found: Price = price(engine.counters(), image.costs);
  return { ...found, count: countsOf(engine, 'integrate(p)'), cost: costOf(image, 'integrate(p)') };
}

describe('with 256 columns', () => {
  it.each([
    // precision, words of 128 bits a row, energy of the words at 5 pJ
    ['mp16-16', 32, 160],
    ['mp16-8', 16, 80],
    ['mp16-4', 8, 40],
  ])('%s reads %i words of weights a row', (precision, words, energyPj) => {
    const { count, energyPj: spent } = run(imageOf(program, microcode, wideCore(16), { precision }));
    expect(count).toMatchObject({
      passes: 1,
      tiles: 16,
      items: 256,
      reads: [words, 0, 8],
      writes: [0, 0, 8],
    });
    expect(spent.byUnit['weight bank']).toBe(energyPj);
  });

  it.each([
    // Lanes, tiles, interval. Sixteen 8-bit weights a word and one read port: beyond 16 lanes a tile takes several.
    [1, 256, 1, 'issue'],
    [2, 128, 1, 'issue'],
    [4, 64, 1, 'issue'],
    [8, 32, 1, 'issue'],
    [16, 16, 1, 'issue'],
    [32, 8, 2, 'weight bank read ports'],
    [64, 4, 4, 'weight bank read ports'],
    [256, 1, 16, 'weight bank read ports'],
  ])('%i lanes take %i tiles, one every %i cycles, bound by %s', (lanes, tiles, interval, boundBy) => {
    const { workCycles, count, cost } = run(imageOf(program, microcode, wideCore(lanes)));
    expect(count.tiles).toBe(tiles);
    expect(cost).toMatchObject({ intervalCycles: interval, boundBy });
    // A start, fill and row, tiles.
    expect(workCycles).toEqual([1 + (3 + 2) + tiles * interval]);
    // Words do not depend on the lanes.
    expect(count).toMatchObject({ reads: [16, 0, 8], writes: [0, 0, 8] });
  });

  it('twice the ports take half the interval, and leave something else to bind', () => {
    const twoPorts = edit(
      wideCore(64),
      'weight: {capacityBits: 16384, wordBits: 128, ports: {read: 1',
      'weight: {capacityBits: 16384, wordBits: 128, ports: {read: 2',
    );
    // Weights 4 words over 2 ports; membranes 2 words over 1 port each way.
    const { cost } = run(imageOf(program, microcode, twoPorts));
    expect(cost).toMatchObject({ intervalCycles: 2, boundBy: 'weight bank read ports' });
    expect(cost.utilisation).toEqual({
      issue: 1 / 2,
      'integer add': 1 / 2,
      'weight bank read ports': 1,
      'weight bank write ports': 0,
      'state bank read ports': 1,
      'state bank write ports': 1,
    });
  });

  it('ports that read or write serve both', () => {
    const shared = edit(
      wideCore(64),
      'state: {capacityBits: 16384, wordBits: 512, ports: {read: 1, write: 1}',
      'state: {capacityBits: 16384, wordBits: 512, ports: {shared: 1}',
    );
    // Two membranes' words read and two written: 4, as the weights' 4; the weights come first.
    const { cost } = run(imageOf(program, microcode, shared));
    expect(cost.utilisation['state bank ports']).toBe(1);
    expect(cost.intervalCycles).toBe(4);
  });

  it('more units a lane shorten what units bind', () => {
    const rule = microcode.replace(
      '  add  r1, r1, r0\n',
      '  add.s r1, r1, r0\n  add.s r1, r1, r0\n  add.s r1, r1, r0\n',
    );
    const one = run(imageOf(program, rule, wideCore(16)));
    expect(one.cost).toMatchObject({ intervalCycles: 3, boundBy: 'integer add' });
    const twoAdders = edit(
      wideCore(16),
      'add: {unitsPerLane: 1, energyPj: {8: 1, 16: 2, 32: 3}',
      'add: {unitsPerLane: 2, energyPj: {8: 1, 16: 2, 32: 3}',
    );
    const two = run(imageOf(program, rule, twoAdders));
    // 3 / 2 additions, but the three comparisons of saturation have one unit.
    expect(two.cost).toMatchObject({ intervalCycles: 3, boundBy: 'integer compare' });
    expect(two.cost.utilisation['integer add']).toBe(0.5);
    expect(two.energyPj.byUnit.add).toBe(one.energyPj.byUnit.add); // as many additions
  });
});

describe('the energy of a unit', () => {
  const energyOf = (unit: string, bitsA: number, bitsB: number, line: string): number => {
    const fields = program.replace(
      'v: {bits: 16}',
      `v: {bits: 32}, a: {bits: ${bitsA}}, b: {bits: ${bitsB}}`,
    );
    const rule = `kernel integrate over row\n  ld r0, post.a\n  ld r1, post.b\n  ${line}\n  st r2, post.v\nend\n`;
    const core = wideCore(16).replaceAll('capacityBits: 16384', 'capacityBits: 65536');
    const { energyPj } = run(imageOf(fields, rule, core));
    return (energyPj.byUnit[unit] ?? 0) / 256;
  };

  it.each([
    // A sum has a bit more than its operands: 8, 9, 16, 17 bits.
    ['add', 7, 7, 'add r2, r0, r1', 1],
    ['add', 8, 7, 'add r2, r0, r1', 2],
    ['add', 15, 15, 'add r2, r0, r1', 2],
    ['add', 16, 8, 'add r2, r0, r1', 3],
    // A multiplication is as wide as its operands.
    ['multiply', 8, 8, 'mul r2, r0, r1', 4],
    ['multiply', 9, 4, 'mul r2, r0, r1', 5],
    ['multiply', 16, 16, 'mul.s r2, r0, r1', 5],
    ['multiply', 17, 3, 'mul r2, r0, r1', 6],
    // A saturating sum of 32 bits pays for its comparison; the smaller of two numbers is no wider than they are.
    ['compare', 31, 31, 'add.s r2, r0, r1', 3],
    ['compare', 8, 8, 'min r2, r0, r1', 1],
    ['compare', 9, 8, 'min r2, r0, r1', 2],
    // A clip is two comparisons; a rounding shift an addition and a shift.
    ['compare', 8, 8, 'clip r2, r0, -5, 5', 2],
    ['shift', 16, 8, 'sra.rn r2, r0, 3', 2],
    ['add', 16, 8, 'sra.rn r2, r0, 3', 2],
    // A step of the generator is 32 bits wide however few are drawn.
    ['random', 8, 8, 'sra.sr r2, r0, 1', 7],
  ])('%s of fields of %i and %i bits, %s: %i pJ', (unit, bitsA, bitsB, line, energyPj) => {
    expect(energyOf(unit, bitsA, bitsB, line)).toBe(energyPj);
  });

  it.each([
    // One of each: a move 1, an addition 10, a multiplication 40, a shift 2, a comparison 5; a random word 7 as ever.
    ['add', 'add r2, r0, r1', 10],
    ['multiply', 'mul r2, r0, r1', 40],
    ['compare', 'min r2, r0, r1', 5],
    ['compare', 'add.s r2, r0, r1', 5],
    ['shift', 'sra r2, r0, 3', 2],
    ['move', 'mov r2, r0', 1],
    ['random', 'sra.sr r2, r0, 3', 7],
  ])('on float32, %s, %s: %i pJ at any nominal width', (unit, line, energyPj) => {
    for (const bits of [8, 16]) {
      const fields = program.replace(
        'v: {bits: 16}',
        `v: {bits: ${bits}}, a: {bits: ${bits}}, b: {bits: ${bits}}`,
      );
      const rule = `kernel integrate over row\n  ld r0, post.a\n  ld r1, post.b\n  ${line}\n  st r2, post.v\nend\n`;
      const core = roundFloatCore.replaceAll('capacityBits: 16384', 'capacityBits: 65536');
      expect((run(imageOf(fields, rule, core)).energyPj.byUnit[unit] ?? 0) / 256).toBe(energyPj);
    }
  });
});

describe('the float32 core', () => {
  it('moves 32 bits for every weight and membrane', () => {
    const core = roundFloatCore.replaceAll('capacityBits: 16384', 'capacityBits: 65536');
    const { count, cost, energyPj } = run(imageOf(program, microcode, core));
    // Two floats a word of 64 bits: 128 words each. A tile of 4 lanes takes two from either bank.
    expect(count).toMatchObject({ tiles: 64, reads: [128, 0, 128], writes: [0, 0, 128] });
    expect(cost).toMatchObject({ intervalCycles: 2, boundBy: 'weight bank read ports' });
    expect(cost.utilisation['float32 add']).toBe(0.5);
    expect(energyPj.byUnit).toMatchObject({ add: 2560, 'weight bank': 640, 'state bank': 128 + 256 });
  });

  it('says which unit it lacks', () => {
    const rule = microcode.replace('add  r1, r1, r0', 'sra.sr r1, r1, 1');
    const core = edit(
      roundFloatCore.replaceAll('capacityBits: 16384', 'capacityBits: 65536'),
      '    random: {unitsPerLane: 1, energyPj: {32: 7}, areaUm2: 1, source: paper}\n',
      '',
    );
    expect(() => imageOf(program, rule, core)).toThrow(
      "hw-model 'round-float' has no integer unit for random",
    );
  });
});
