import { describe, expect, test } from 'vitest';
import { odinSeeds, randomOdin, randomRanc, randomReckon, rancSeeds } from './stimulus.ts';

// Random stimuli are useful only if they reach the corner cases that the specification names.

describe('random stimuli for ODIN', () => {
  const traces = new Map([...odinSeeds.fast, ...odinSeeds.reference].map((seed) => [seed, randomOdin(seed)]));

  test('the same seed gives the same', () => {
    expect(randomOdin(3)).toEqual(traces.get(3));
  });

  type Trace = ReturnType<typeof randomOdin>;

  const corners: readonly (readonly [string, (trace: Trace) => boolean])[] = [
    ['an overflow of the scheduler', ({ expected }) => expected.spikes.some(([, , fate]) => fate === 0)],
    ['an open loop', ({ config }) => config.open_loop === 1],
    [
      'a spike of threshold 0',
      ({ neurons, expected }) => expected.spikes.some(([, neuron]) => neurons.thr[neuron] === 0),
    ],
    ['a virtual event of zeros', ({ events }) => events.some(([, address]) => (address & 0x100ff) === 1)],
    [
      'a virtual time reference',
      ({ expected }) => expected.ops.some(([, kind, entry]) => kind === 'POP_VIRT' && (entry & 0x100) !== 0),
    ],
    [
      'a virtual inhibition',
      ({ expected }) =>
        expected.ops.some(([, kind, entry]) => kind === 'POP_VIRT' && (entry & 0x300) === 0x200),
    ],
    ['a mapped synapse by itself, with SDSP', (trace) => hasSynapse(trace, true)],
    ['an unmapped synapse by itself', (trace) => hasSynapse(trace, false)],
    ['unmapped synapses that propagate', ({ config }) => config.propagate_unmapped_syn === 1],
    ['unmapped synapses that do not', ({ config }) => config.propagate_unmapped_syn === 0],
    [
      'an unmapped synapse that learns',
      ({ config, synapses, expected }) =>
        config.update_unmapped_syn === 1 &&
        synapses.some((row, pre) =>
          [...row].some((digit, post) => digit < '8' && expected.final_synapses?.[pre]?.[post] !== digit),
        ),
    ],
    [
      'a disabled neuron that would spike',
      ({ neurons }) =>
        neurons.disable.some((disabled, index) => disabled === 1 && (neurons.thr[index] ?? 255) === 0),
    ],
    [
      'calcium without a leak, and with one at every reference',
      ({ neurons }) =>
        neurons.ca_leak.includes(0) && neurons.ca_leak.includes(1) && neurons.ca_en.includes(1),
    ],
    [
      'flags up and down at the end',
      ({ expected }) => expected.final_up.length > 0 && expected.final_down.length > 0,
    ],
    ['bistability of one row', (trace) => hasOperation(trace, 'BIST', 64)],
    ['bistability of all', (trace) => hasOperation(trace, 'BIST', 16384)],
    ['a time reference of one neuron', (trace) => hasOperation(trace, 'TREF', 2)],
    [
      'a time reference of all',
      ({ expected }) => expected.ops.some(([, kind, , cycles]) => kind === 'TREF' && cycles >= 512),
    ],
    [
      'events drained one by one and back to back',
      ({ events }) => new Set(events.map(([mode]) => mode)).size === 2,
    ],
    [
      'an inhibitory neuron whose spike arrives',
      ({ config, expected }) =>
        expected.ops.some(([, kind, entry]) => kind === 'POP_NEUR' && config.syn_sign[entry & 0xff] === 1),
    ],
  ];

  // Those alone that an engine is held to count.
  describe.each(Object.entries(odinSeeds))('those of the %s engine', (_, seeds) => {
    test.each(corners)('have %s', (_, holds) => {
      const reaching = seeds.filter((seed) => holds(traces.get(seed) ?? randomOdin(seed)));
      expect(reaching).not.toEqual([]);
    });
  });

  function hasSynapse({ config, events, synapses }: Trace, isMapped: boolean): boolean {
    return events.some(([, address]) => {
      const digit = synapses[(address >> 8) & 0xff]?.[address & 0xff] ?? '0';
      return address >= 0x10000 && digit >= '8' === isMapped && config.sdsp_on_syn_stim === 1;
    });
  }

  function hasOperation({ expected }: Trace, operation: string, length: number): boolean {
    return expected.ops.some(([, kind, , cycles]) => kind === operation && cycles === length);
  }
});

describe('random stimuli for ReckOn', () => {
  const traces = Array.from({ length: 300 }, (_, index) => randomReckon(index + 1));
  type Trace = (typeof traces)[number];

  test('the same seed gives the same', () => {
    expect(randomReckon(3)).toEqual(traces[2]);
  });

  const registers = (name: keyof Trace['config']) => new Set(traces.map(({ config }) => config[name]));

  test.each([
    ['do_eprop', 0, 7],
    ['num_out', 1, 16],
    ['rst_mode', 0, 1],
    ['en_stoch_round', 0, 1],
    ['regul_mode', 0, 5],
    ['regul_w', 0, 3],
    ['no_out_act', 0, 1],
    ['force_traces', 0, 1],
    ['fp_loc_winp', 0, 7],
    ['fp_loc_wrec', 0, 7],
    ['fp_loc_wout', 0, 7],
    ['fp_loc_tinp', 0, 7],
    ['fp_loc_trec', 0, 7],
    ['fp_loc_tout', 0, 7],
    ['lr_p_winp', 0, 15],
    ['lr_r_winp', 0, 15],
    ['lr_p_wrec', 0, 15],
    ['lr_r_wrec', 0, 15],
    ['lr_p_wout', 0, 15],
    ['lr_r_wout', 0, 15],
  ] as const)('have every %s from %i to %i', (name, low, high) => {
    const found = registers(name);
    for (let value = low; value <= high; value++) expect(found).toContain(value);
  });

  test.each<[string, (trace: Trace) => boolean]>([
    [
      'a phantom column that is regularised',
      ({ config, w_inp, w_rec, expected }) =>
        [
          [w_inp, expected.final_w_inp],
          [w_rec, expected.final_w_rec],
        ].some(([before, after]) =>
          after?.some((row, pre) =>
            row.some((weight, post) => post >= config.num_rec && weight !== before?.[pre]?.[post]),
          ),
        ),
    ],
    [
      'a recurrent diagonal that becomes zero',
      ({ w_rec, expected }) =>
        expected.final_w_rec?.some((row, pre) => row[pre] === 0 && w_rec[pre]?.[pre] !== 0) === true,
    ],
    ['more inputs than neurons', ({ config }) => config.num_inp > config.num_rec],
    ['fewer inputs than neurons', ({ config }) => config.num_inp < config.num_rec],
    [
      'a trace beyond the pass',
      ({ expected }) => expected.samples.some(({ cycles }) => cycles.some((tick) => (tick[5] ?? 0) > 0)),
    ],
    [
      'alpha 0x8000 with stochastic rounding',
      ({ config, alpha }) =>
        config.en_stoch_round === 1 && alpha.includes(0x8000) && alpha.some((value) => value !== 0x8000),
    ],
    ['kappa 0x80', ({ config }) => config.kappa === 0x80],
    ['another kappa', ({ config }) => config.kappa < 0x80],
    ['a threshold of 0', ({ thr }) => thr.includes(0)],
    [
      'several samples, of training and of testing',
      ({ samples }) => new Set(samples.map(({ train }) => train)).size === 2,
    ],
    ['output weights that change', ({ expected }) => expected.final_w_out !== null],
    [
      'a potential at its bound',
      ({ expected }) => expected.state_after_step.some(({ u }) => u.some((value) => value <= -30000)),
    ],
  ])('have %s', (_, holds) => {
    expect(traces.some(holds)).toBe(true);
  });
});

describe('random chips of RANC', () => {
  const traces = new Map([...rancSeeds.fast, ...rancSeeds.reference].map((seed) => [seed, randomRanc(seed)]));
  type Trace = ReturnType<typeof randomRanc>;

  test('the same seed gives the same', () => {
    expect(randomRanc(5)).toEqual(traces.get(5));
  });

  const fate = (wanted: number) => (trace: Trace) =>
    trace.expected.deliveries.some(([, , , , , found]) => found === wanted);

  const corners: readonly (readonly [string, (trace: Trace) => boolean])[] = [
    ['a neuron that waits for room', ({ expected }) => expected.core_ticks.some(([, , , , stalls = 0]) => stalls > 0)],
    ['a missed tick', ({ expected }) => expected.missed_ticks.length > 0],
    [
      'cores out of step',
      ({ expected }) => new Set(expected.final.read_pointer.filter((pointer) => pointer !== null)).size > 1,
    ],
    ['two packets that merge', fate(1)],
    ['a packet lost as its row is cleared', fate(2)],
    ['a packet for the row that is read', fate(3)],
    ['an output value that is truncated', ({ expected }) => expected.outputs.some(([, , axon, , value]) => value !== axon)],
    ['a full input FIFO', ({ expected }) => expected.input_drops.length > 0],
    ['a chip that is locked', ({ expected }) => expected.final.busy.length > 0 && expected.final.fifo.length > 0],
    ['a packet that goes west', ({ stimulus }) => stimulus.packets.some(([, dx]) => dx < 0)],
    ['FIFOs of one place', ({ config, expected }) => config.fifo_depth === 1 && expected.spikes.length > 0],
    ['two axon types', ({ config }) => config.axon_types === 2],
    [
      'every FIFO in use',
      ({ expected }) =>
        Array.from({ length: 12 }, (_, fifo) => fifo).every((fifo) =>
          expected.fifo_writes.some((counts) => (counts[fifo] ?? 0) > 0),
        ),
    ],
    [
      'a stream with both of its errors',
      ({ expected: { flags } }) => flags.packet_read_error?.length === 1 && flags.fifo_write_error?.length === 1,
    ],
    [
      'a stream that fills the input FIFO',
      ({ stimulus, expected }) => stimulus.axis !== undefined && expected.input_drops.length > 0,
    ],
  ];

  describe.each(Object.entries(rancSeeds))('those of the %s engine', (_, seeds) => {
    test.each(corners)('have %s', (_, holds) => {
      expect(seeds.filter((seed) => holds(traces.get(seed) ?? randomRanc(seed)))).not.toEqual([]);
    });
  });
});
