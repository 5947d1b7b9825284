import { describe, expect, test } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { checkJson, describeDivergence, parseJson, type Verdict } from '../../../src/golden/index.ts';
import { add, at, put } from '../../support/change.ts';
import { expectError } from '../../support/errors.ts';
import { goldenNames, goldenText } from '../../support/golden.ts';
import { inThorough } from '../../support/thorough.ts';
import { replayContext } from '../replay-context.ts';
import { replayRanc } from './replay.ts';
import type { RancTrace } from './trace-parts.ts';
import { rancSchema } from './trace-shape.ts';

const goldenOf = (name: (typeof goldenNames.ranc)[number]): RancTrace =>
  checkJson(parseJson(goldenText(name), 'x.json'), rancSchema);

describe.each(engineNames)('on engine %s', (engine) => {
  // A network of many cores takes the reference engine seconds.
  const names = goldenNames.ranc.filter((name) => engine === 'fast' || inThorough(true, name !== 'ranc-tea'));

  test.each(names)(
    'all that is stated is identical: %s',
    (name) => {
      expect(replayRanc(goldenOf(name), { ...replayContext, engine })).toMatchObject({ agrees: true });
    },
    120_000,
  );
});

const small = goldenOf('ranc-2x2');
const stream = goldenOf('ranc-axis');

function wordsOf(change: (trace: RancTrace) => void, golden = small): string {
  const trace = structuredClone(golden);
  change(trace);
  const verdict: Verdict = replayRanc(trace, replayContext);
  return verdict.agrees ? 'agrees' : describeDivergence(verdict.divergence);
}

describe('a trace of RANC', () => {
  test('that agrees is told in a line', () => {
    expect(replayRanc(small, replayContext)).toEqual({
      agrees: true,
      summary:
        '3 cores, 24 ticks, 65 ticks of a core with their potentials, 329 spikes, 627 deliveries and 2470 FIFO writes to the cycle (7792 in all), flags, final state',
    });
  });

  test.each<[string, (trace: RancTrace) => void, string]>([
    ['a late spike', ({ expected }) => add(at(expected.spikes, 3), 0, 1), 'cycle '],
    [
      'a lost packet',
      ({ expected }) => expected.deliveries.splice(0, 1),
      'cycle 16, core 0: delivery 0: expected axon 1, offset 0, slot 0 of core 0 in cycle 26, stored, found axon 0, offset 0, slot 0 of core 0 in cycle 16, stored',
    ],
    [
      'a late FIFO write',
      ({ expected }) => add(at(expected.hops, 2), 0, 1),
      'cycle 22, core 0: FIFO write 2: expected EN of core 0 in cycle 23, dy 0, axon 1, offset 0, found EN of core 0 in cycle 22, dy 0, axon 1, offset 0',
    ],
    ['another fate', ({ expected }) => put(at(expected.deliveries, 5), 5, 1), 'set already, found axon'],
    [
      'another potential after a tick',
      ({ expected }) => put(at(expected.potentials, 1), 0, -7),
      'cycle 391, core 1: potential of neuron 0 after tick 0: expected -7, found ',
    ],
    [
      'an integration more',
      ({ expected }) => add(at(expected.core_ticks, 0), 5, 1),
      'cycle 391, core 0: tick of a core 0: expected tick 0 of core 0 from 100 to 391, 0 stalls, 8 synops, found',
    ],
    [
      'another value of the output bus',
      ({ expected }) => put(at(expected.outputs, 1), 4, 3),
      'cycle 237, core 3: output 1: expected value 3 (axon 9, offset 0) in cycle 237 after tick 0, found value 1',
    ],
    [
      'a missed tick less',
      ({ expected }) => expected.missed_ticks.splice(1, 1),
      'cycle 681, core 1: missed tick 1: expected core 2 in cycle 681, found core 1 in cycle 681',
    ],
    [
      'no drop',
      ({ expected }) => put(expected.input_drops, 'length', 0),
      'cycle 1852: packet lost before the mesh 0: expected nothing further, found dx 1, dy 0, axon 15, offset 1 in cycle 1852',
    ],
    [
      'an early flag',
      ({ expected }) => add(at(expected.flags.token_controller_error, 0), 1, -1),
      'cycle 681, core 0: rise of token_controller_error 0: expected core 0 in cycle 681, found core 0 in cycle 682',
    ],
    [
      'other counts',
      ({ expected }) => put(at(expected.fifo_writes, 1), 1, 66),
      'at the end: writes into LW of core 1: expected 66, found 65',
    ],
    [
      'another level',
      ({ expected }) => put(at(expected.fifo_max, 0), 0, 3),
      'at the end: highest level of LE of core 0: expected 3, found 4',
    ],
    [
      'another read pointer',
      ({ expected }) => put(expected.final.read_pointer, 1, 6),
      'at the end: read pointers, by core: expected [4,6,5,null], found [4,5,5,null]',
    ],
    [
      'a bit less in a scheduler',
      ({ expected }) => expected.final.pending.pop(),
      'at the end: bit in a scheduler, [core, slot, axon]: expected nothing further, found [',
    ],
    [
      'another hash',
      (trace) => put(trace.expected, 'hops_sha256', '0'.repeat(64)),
      'at the end: hops_sha256: expected "0000',
    ],
  ])('diverges with its place: %s', (_what, change, words) => {
    expect(wordsOf(change)).toContain(words);
  });

  test('of the stream front end diverges where the stream does', () => {
    const early = wordsOf(({ stimulus }) => add(at(stimulus.axis?.bursts, 0), 0, -1), stream);
    expect(early).toMatch(
      /^cycle 10: word of the stream accepted 0: expected in cycle 11, found in cycle 10/,
    );
    const other = wordsOf(({ stimulus }) => add(at(stimulus.packets, 1), 3, 1), stream);
    expect(other).toMatch(/^cycle 14: packet of the stream 1: expected dx 0, dy 0, axon 12/);
    const flag = wordsOf(({ expected }) => put(expected.flags, 'packet_read_error', []), stream);
    expect(flag).toMatch(
      /^cycle 1501: rise of packet_read_error 0: expected nothing further, found in cycle 1501/,
    );
  });

  test('of another chip diverges at the first thing that it does otherwise', () => {
    // Neuron 0 of core 0 has 27 and its threshold is 25.
    const words = wordsOf(({ cores }) => {
      const core = at(cores, 0);
      if (core !== null) core.pos_threshold[0] = 28;
    });
    expect(words).toMatch(/^cycle 119, core 0: spike 0: expected neuron 0 of core 0 in cycle 119 of tick 0/);
  });
});

describe('a trace of RANC is refused', () => {
  const read = (change: (trace: RancTrace) => void) => () => {
    const trace = structuredClone(small);
    change(trace);
    return checkJson(parseJson(JSON.stringify(trace), 'x.json'), rancSchema);
  };

  test.each<[string, (trace: RancTrace) => void, string]>([
    [
      'a grid without the output bus',
      ({ config }) => put(config, 'grid', [2, 1]),
      'config.output_core.1: expected a row below 1, found 1',
    ],
    ['a core too few', ({ cores }) => cores.pop(), 'cores: expected 4 items (one for each router), found 3'],
    [
      'a core at the output bus',
      ({ cores }) => put(cores, 3, at(cores, 2)),
      'cores.3: expected null: the output bus, found',
    ],
    [
      'axons that are no power of two',
      ({ config }) => put(config, 'axons', 12),
      'config.axons: expected a number of axons (a power of two), found 12',
    ],
    [
      'three axon types',
      ({ config }) => put(config, 'axon_types', 3),
      'config.axon_types: expected 2 or 4 axon types, found 3',
    ],
    [
      'weights wider than potentials',
      ({ config }) => put(config, 'weight_width', 10),
      'config.weight_width: expected weights no wider than potentials (9 bits), found 10',
    ],
    [
      'a weight that its width cannot hold',
      ({ cores }) => put(at(at(cores, 0)?.weights, 2), 1, 256),
      'cores.0.weights.2.1: expected a number of 9 bits (-256 to 255), found 256',
    ],
    [
      'a destination beyond the axons',
      ({ cores }) => put(at(at(cores, 0)?.dest, 2), 2, 16),
      'cores.0.dest.2.2: expected an axon below 16, found 16',
    ],
    [
      'no axon types',
      ({ config }) => put(config, 'axon_types', 0),
      'config.axon_types: expected a number of axon types (a whole number, 2 to 4), found 0',
    ],
    [
      'another digit of the crossbar',
      ({ cores }) => {
        const core = at(cores, 0);
        if (core !== null) core.crossbar[4] = '11111';
      },
      'cores.0.crossbar.4: expected a hexadecimal number of 16 bits, found',
    ],
    [
      'two packets at once',
      ({ stimulus }) => put(at(stimulus.packets, 1), 0, 10),
      'stimulus.packets.1: expected a cycle from 11 to 7791, ascending, found 10',
    ],
    [
      'a tick after the end',
      ({ stimulus }) => stimulus.ticks.push(7792),
      'stimulus.ticks.24: expected a cycle from 7393 to 7791, ascending, found 7792',
    ],
    [
      'a stream flag without a stream',
      ({ expected }) => put(expected.flags, 'fifo_write_error', []),
      'expected.flags.fifo_write_error: expected nothing without stimulus.axis, found',
    ],
  ])('%s', (_what, change, words) => {
    expectError(read(change), 'invalid-value', words);
  });
});
