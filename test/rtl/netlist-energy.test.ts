import { describe, expect, test } from 'vitest';
import { cellPowers } from '../../src/rtl/synthesis/cell-power.ts';
import { dumpReader, windowFile } from '../../src/rtl/synthesis/dump.ts';
import { readLiberty } from '../../src/rtl/synthesis/liberty.ts';
import { readNetlist } from '../../src/rtl/synthesis/netlist.ts';
import { energyByPart, netlistEnergies } from '../../src/rtl/synthesis/netlist-energy.ts';
import { NetlistToggles } from '../../src/rtl/synthesis/toggles.ts';
import { expectError } from '../support/errors.ts';

// Energies are calculated by hand from these tables. A unit of energy is 1 fF times (2 V)^2, which is 4 fJ.
const library = readLiberty(
  `library(hand) {
  capacitive_load_unit(1, ff); voltage_unit : "2V"; leakage_power_unit : "1nW"; nom_voltage : 1.5;
  lu_table_template(by_both) {
    variable_1 : input_transition_time; variable_2 : total_output_net_capacitance;
    index_1("0, 10"); index_2("0, 4");
  }
  lu_table_template(by_load) { variable_1 : total_output_net_capacitance; index_1("0, 4"); }
  cell(INV) {
    area : 1; cell_leakage_power : 9;
    leakage_power() { when : "A"; value : 3; }
    leakage_power() { when : "!A"; value : 1; }
    pin(A) { direction : input; capacitance : 2; }
    pin(Y) {
      direction : output; function : "!A";
      timing() { related_pin : "A"; rise_transition(by_load) { values("0, 8"); } fall_transition(by_load) { values("0, 4"); } }
      internal_power() { related_pin : "A";
        rise_power(by_both) { values("1, 2", "11, 12"); }
        fall_power(scalar) { values("4"); } }
    }
  }
  cell(NAND) {
    area : 1;
    pin(A) { direction : input; capacitance : 1; }
    pin(B) { direction : input; capacitance : 1; }
    pin(Y) {
      direction : output; function : "!(A B)";
      internal_power() { related_pin : "A"; rise_power(scalar) { values("1"); } fall_power(scalar) { values("1"); } }
      internal_power() { related_pin : "B"; rise_power(scalar) { values("7"); } fall_power(scalar) { values("7"); } }
    }
  }
  cell(GATE) {
    area : 1; clock_gating_integrated_cell : latch_posedge;
    pin(E) { direction : input; capacitance : 1; clock_gate_enable_pin : true; }
    pin(C) { direction : input; capacitance : 3; clock_gate_clock_pin : true; clock : true;
      internal_power() { rise_power(scalar) { values("5"); } fall_power(scalar) { values("6"); } } }
    pin(G) { direction : output; clock_gate_out_pin : true;
      internal_power() { related_pin : "C"; rise_power(scalar) { values("8"); } fall_power(scalar) { values("9"); } } }
  }
  cell(DF) {
    area : 1;
    ff(IQ, IQN) { clocked_on : "CK"; next_state : "D"; }
    pin(CK) { direction : input; clock : true; capacitance : 2;
      internal_power() { when : "D * Q"; rise_power(scalar) { values("10"); } fall_power(scalar) { values("20"); } }
      internal_power() { when : "D ^ Q"; rise_power(scalar) { values("0"); } fall_power(scalar) { values("30"); } }
      internal_power() { rise_power(scalar) { values("40"); } fall_power(scalar) { values("50"); } } }
    pin(D) { direction : input; capacitance : 1;
      internal_power() { when : "CK"; rise_power(scalar) { values("1"); } fall_power(scalar) { values("2"); } }
      internal_power() { when : "!CK"; rise_power(scalar) { values("3"); } fall_power(scalar) { values("4"); } } }
    pin(Q) { direction : output; function : "IQ";
      internal_power() { related_pin : "CK"; rise_power(scalar) { values("60"); } fall_power(scalar) { values("70"); } } }
  }
}`,
  'hand.lib',
);
const powers = cellPowers(library);
const unitPj = 0.004;

type Connections = Readonly<Record<string, readonly (number | string)[]>>;
const moduleOf = (
  cells: Readonly<Record<string, readonly [type: string, Connections]>>,
  ports: Connections = {},
  attributes: object = {},
): object => ({
  attributes,
  ports: Object.fromEntries(Object.entries(ports).map(([name, bits]) => [name, { bits }])),
  cells: Object.fromEntries(
    Object.entries(cells).map(([name, [type, connections]]) => [name, { type, connections }]),
  ),
});
const netlistOf = (modules: Readonly<Record<string, object>>) =>
  readNetlist(JSON.stringify({ modules }), 'netlist.json', 'core');

type Change = readonly [signal: string, value: 0 | 1 | 'x'];
/** A dump of signals of the core, by their paths in it; the changes at each time. */
function dumpOf(signals: readonly string[], changes: Readonly<Record<number, readonly Change[]>>): string {
  const code = (signal: string): string => `s${signals.indexOf(signal)}`;
  const declared = signals.map((signal) => {
    const scopes = signal.split('.').slice(0, -1);
    const inside = `$var wire 1 ${code(signal)} ${signal.split('.').at(-1)} $end`;
    return [
      ...scopes.map((scope) => `$scope module ${scope} $end`),
      inside,
      ...scopes.map(() => '$upscope $end'),
    ];
  });
  return [
    '$timescale\n\t1ps\n$end\n$scope module bench $end\n$scope module core $end',
    ...declared.flat(),
    '$upscope $end\n$upscope $end\n$enddefinitions $end\n#0\n$dumpvars',
    ...signals.map((signal) => `0${code(signal)}`),
    '$end',
    ...Object.entries(changes).flatMap(([time, own]) => [
      `#${time}`,
      ...own.map(([signal, value]) => `${value}${code(signal)}`),
    ]),
    '',
  ].join('\n');
}

function counted(
  netlist: ReturnType<typeof netlistOf>,
  dump: string,
): { readonly toggles: NetlistToggles; readonly leakageUw: readonly number[] } {
  const toggles = new NetlistToggles(netlist, powers, 'bench.core');
  const take = dumpReader(toggles);
  // In pieces that end anywhere.
  for (let place = 0; place < dump.length; place += 7) take(dump.slice(place, place + 7));
  return { toggles, leakageUw: [...toggles.finish()] };
}

describe('two inverters in a row', () => {
  const netlist = netlistOf({
    core: moduleOf({ u0: ['INV', { A: [2], Y: [3] }], u1: ['INV', { A: [3], Y: [4] }] }),
  });
  const signals = ['clk', 'busy', 'u0.A', 'u0.Y', 'u1.A', 'u1.Y'];
  const toBoth = (value: 0 | 1): readonly Change[] => [
    ['u0.Y', value],
    ['u1.A', value],
  ];
  const dump = dumpOf(signals, {
    50: toBoth(1),
    100: [['busy', 1]],
    200: [['u0.A', 1]],
    210: toBoth(0),
    220: [['u1.Y', 1]],
    500: [['u0.A', 0]],
    510: toBoth(1),
    520: [['u1.Y', 0]],
    800: [['busy', 0]],
    810: [['u0.A', 1]],
    1000: toBoth(0),
  });
  const { toggles, leakageUw } = counted(netlist, dump);

  test('take what their tables say at their load and slew, and charge it', () => {
    const { cells, otherNetsPj } = netlistEnergies(toggles, netlist, { supplyV: 1.5, wirePf: 0 });
    // u0 drives 2 fF: it rises for 1 + 1/2, falls for 4. Its slew there is the mean of 4 and 2; so u1 rises for
    // 1 + 10 x 3/10 without a load, and falls for 4.
    expect(cells.map(({ internalPj }) => internalPj / unitPj)).toEqual([
      expect.closeTo(1.5 + 4, 9),
      expect.closeTo(4 + 4, 9),
    ]);
    expect(cells.map(({ switchingPj }) => switchingPj)).toEqual([
      expect.closeTo(2 * 0.5 * 0.002 * 1.5 ** 2, 9),
      0,
    ]);
    // The host charges the first input, twice.
    expect(otherNetsPj).toBeCloseTo(2 * 0.5 * 0.002 * 1.5 ** 2, 9);
  });

  test('charge wires, too', () => {
    const { cells } = netlistEnergies(toggles, netlist, { supplyV: 1, wirePf: 0.002 });
    expect(cells.map(({ switchingPj }) => switchingPj)).toEqual([expect.closeTo(0.004, 9), 0]);
    // At 4 fF, u0 rises for 2.
    expect((cells[0]?.internalPj ?? 0) / unitPj).toBeCloseTo(2 + 4, 9);
  });

  test('leak by their states', () => {
    // u0 has A = 0 but from 200 to 500 and from 810 to 1000 ps; u1 from 50 to 210 and from 510 to 1000.
    expect(leakageUw.map((uw) => uw * 1000)).toEqual([
      expect.closeTo((1 * 510 + 3 * 490) / 1000, 9),
      expect.closeTo((1 * 350 + 3 * 650) / 1000, 9),
    ]);
  });
});

test('an output takes the energy for the input that changed last', () => {
  const netlist = netlistOf({ core: moduleOf({ u0: ['NAND', { A: [2], B: ['1'], Y: [3] }] }) });
  const { toggles } = counted(
    netlist,
    dumpOf(['clk', 'busy', 'u0.A', 'u0.B', 'u0.Y'], {
      1: [['busy', 1]],
      2: [['u0.A', 1]],
      3: [['u0.B', 1]],
      4: [['u0.Y', 1]],
      5: [['u0.A', 0]],
      6: [['u0.Y', 0]],
    }),
  );
  const { cells } = netlistEnergies(toggles, netlist, { supplyV: 1, wirePf: 0 });
  expect((cells[0]?.internalPj ?? 0) / unitPj).toBeCloseTo(7 + 1, 9);
});

test('a cell of 24 pins has states, and no table of them', () => {
  const names = Array.from({ length: 23 }, (_, index) => `A${index}`);
  const wide = readLiberty(
    `library(wide) { capacitive_load_unit(1, ff); voltage_unit : "1V"; leakage_power_unit : "1nW";
    cell(DF) { area : 1; ff(IQ, IQN) { clocked_on : "CK"; next_state : "D"; } }
    cell(WIDE) { area : 1; cell_leakage_power : 9;
      leakage_power() { when : "A22 * !A0"; value : 3; }
      ${names.map((name) => `pin(${name}) { direction : input; capacitance : 1; }`).join(' ')}
      pin(Y) { direction : output; function : "A0 * A22";
        internal_power() { related_pin : "A0"; power(scalar) { values("1"); } }
        internal_power() { related_pin : "A22"; power(scalar) { values("2"); } } } } }`,
    'wide.lib',
  );
  const { leakageUw, pins } = cellPowers(wide).get('WIDE') ?? { pins: [] };
  expect(leakageUw?.(2 ** 22)).toBeCloseTo(0.003, 9);
  expect(leakageUw?.(2 ** 22 + 1)).toBeCloseTo(0.009, 9);
  expect([0, 22].map((last) => pins[23]?.entryOf(2 ** 23 - 1, last))).toEqual([0, 1]);
});

describe('a flip-flop in a pipeline behind a clock gate, and a memory', () => {
  const netlist = netlistOf({
    core: moduleOf({
      pipeline: ['$paramod\\k0', { clk: [2], open: [3], d: [4], q: [5] }],
      bank0: ['bank_weight', { clk: [2], r0_en: [3], w_en: [5], r0_data: [4] }],
    }),
    // Its nets have numbers of their own.
    '$paramod\\k0': moduleOf(
      { _0_: ['GATE', { C: [8], E: [9], G: [10] }], _1_: ['DF', { CK: [10], D: [11], Q: [12] }] },
      { clk: [8], open: [9], d: [11], q: [12] },
    ),
    bank_weight: moduleOf({}, {}, { blackbox: '1' }),
  });
  const [gate, flipFlop] = ['pipeline._0_', 'pipeline._1_'];
  const signals = [
    ...[
      'clk',
      'busy',
      `${gate}.C`,
      `${gate}.E`,
      `${gate}.G`,
      `${flipFlop}.CK`,
      `${flipFlop}.D`,
      `${flipFlop}.Q`,
    ],
    ...['bank0.r0_en', 'bank0.w_en'],
  ];
  const clock = (value: 0 | 1, isOpen: boolean): readonly Change[] => [
    ['clk', value],
    [`${gate}.C`, value],
    ...(isOpen
      ? ([
          [`${gate}.G`, value],
          [`${flipFlop}.CK`, value],
        ] as const)
      : []),
  ];
  const changes: Readonly<Record<number, readonly Change[]>> = {
    5: [['busy', 1]],
    // D rises while CK is low: 3.
    10: [[`${flipFlop}.D`, 1]],
    15: [
      [`${gate}.E`, 1],
      ['bank0.r0_en', 1],
    ],
    // D differs from Q: nothing at the pin, 60 at Q.
    20: clock(1, true),
    21: [
      [`${flipFlop}.Q`, 1],
      ['bank0.w_en', 1],
    ],
    // D and Q are 1: 20.
    30: clock(0, true),
    35: [
      [`${gate}.E`, 0],
      ['bank0.r0_en', 0],
    ],
    // The gate is closed.
    40: clock(1, false),
    50: clock(0, false),
    55: [[`${gate}.E`, 1]],
    // D and Q are 1: 10, then 20.
    60: clock(1, true),
    70: clock(0, true),
    75: [['busy', 0]],
    80: clock(1, true),
    90: clock(0, true),
  };
  const { toggles } = counted(netlist, dumpOf(signals, changes));

  test('takes the energies of the states in which edges find it, while the core works', () => {
    expect(toggles.cycles).toBe(3);
    const { cells, clockNetPj } = netlistEnergies(toggles, netlist, { supplyV: 2, wirePf: 0 });
    expect(cells.map(({ clockPj }) => clockPj / unitPj)).toEqual([
      expect.closeTo(3 * (5 + 6), 9),
      expect.closeTo(0 + 20 + 10 + 20, 9),
    ]);
    // Two edges of each kind come through the gate.
    expect(cells.map(({ internalPj }) => internalPj / unitPj)).toEqual([
      expect.closeTo(2 * (8 + 9), 9),
      expect.closeTo(3 + 60, 9),
    ]);
    // The gate drives 2 fF for four edges, the host 3 fF for six: 1/2 C V^2 is half a unit for each fF.
    expect(cells.map(({ switchingPj }) => switchingPj / unitPj)).toEqual([expect.closeTo(4, 9), 0]);
    expect(clockNetPj / unitPj).toBeCloseTo(9, 9);
  });

  test('is shared out to the clock and to pipelines', () => {
    const parts = energyByPart(netlistEnergies(toggles, netlist, { supplyV: 2, wirePf: 0 }), 'core');
    expect(parts.clock / unitPj).toBeCloseTo(33 + 50 + 34 + 4 + 9, 9);
    // D, which the memory drives, is charged once: half a unit of control. The gate's input thrice: 1.5.
    expect(parts.control / unitPj).toBeCloseTo(2, 9);
    expect([parts.pipelines / unitPj, parts.lists]).toEqual([expect.closeTo(63, 9), 0]);
  });

  test('memories are read and written by what stands before an edge', () => {
    expect(toggles.memories).toMatchObject([{ type: 'bank_weight', reads: 1, writes: 2 }]);
  });

  test('a pause of the record counts nothing', () => {
    const dump = dumpOf(signals, changes);
    const off = (time: number): string =>
      `#${time}\n$dumpoff\n${signals.map((_, index) => `xs${index}`).join('\n')}\n$end\n`;
    // The record begins anew at 55, as it stands then.
    const values = ['0', '1', '0', '0', '0', '0', '1', '1', '0', '1'];
    const on = `#54\n$dumpon\n${values.map((value, index) => `${value}s${index}`).join('\n')}\n$end\n`;
    const [before, after] = [dump.slice(0, dump.indexOf('#10\n')), dump.slice(dump.indexOf('#55\n'))];
    const found = counted(netlist, `${before}${off(8)}${on}${after}`);
    expect(found.toggles.cycles).toBe(1);
    const { cells } = netlistEnergies(found.toggles, netlist, { supplyV: 2, wirePf: 0 });
    expect(cells.map(({ clockPj }) => clockPj / unitPj)).toEqual([
      expect.closeTo(5 + 6, 9),
      expect.closeTo(10 + 20, 9),
    ]);
  });

  test('a dump without one of its pins is refused', () => {
    const dump = dumpOf(
      signals.filter((signal) => signal !== `${flipFlop}.D`),
      {},
    );
    expectError(() => counted(netlist, dump), 'run', 'no signal bench.core.pipeline._1_.D');
  });
});

test('nets that a module joins are one', () => {
  const netlist = netlistOf({
    core: moduleOf({
      through: ['k1', { in: [2], out: [3] }],
      u0: ['INV', { A: [4], Y: [2] }],
      u1: ['INV', { A: [3], Y: [5] }],
    }),
    k1: moduleOf({ inner: ['INV', { A: [7], Y: [8] }] }, { in: [7], out: [7] }),
  });
  const [inner, u0, u1] = netlist.cells.map(({ pins }) => pins);
  expect([inner?.get('A'), u1?.get('A')]).toEqual([u0?.get('Y'), u0?.get('Y')]);
});

test('a netlist without the core is refused', () => {
  const text = JSON.stringify({ modules: { other: moduleOf({}) } });
  expectError(() => readNetlist(text, 'a.json', 'core'), 'run', 'a.json: expected a netlist of yosys');
});

test('cycles are recorded in stretches of 32 that lie evenly in all', () => {
  const [, text] = windowFile(320, 3200);
  expect(text).toContain('if (cycle % 320 == 0) $dumpon;\n    if (cycle % 320 == 32) $dumpoff;');
  // All of them, if there are not more.
  expect(windowFile(320, 300)[1]).not.toContain('cycle % 32 == 32');
});
