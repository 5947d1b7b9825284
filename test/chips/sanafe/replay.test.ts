import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkJson, parseJson, type Verdict } from '../../../src/golden/index.ts';
import { PlasticoreError } from '../../../src/text/index.ts';
import { readTrace } from '../../../src/trace/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import { argv } from '../../support/argv.ts';
import { add, at, put } from '../../support/change.ts';
import { goldenNames, goldenText } from '../../support/golden.ts';
import { recordedFormats } from '../recorded-formats.ts';
import { replayContext, wordsOf } from '../replay-context.ts';
import { replaySanafe } from './replay.ts';
import type { SanafeTrace } from './trace-parts.ts';
import { sanafeSchema } from './trace-shape.ts';

const golden = checkJson(parseJson(goldenText('sanafe-layers'), 'x.json'), sanafeSchema);

function verdictOf(change: (trace: SanafeTrace) => void): Verdict {
  const trace = structuredClone(golden);
  change(trace);
  return replaySanafe(trace, replayContext);
}

/** The number that follows: one bit more in its last place. */
function nextAfter(value: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigUint64(0, bits.getBigUint64(0) + 1n);
  return bits.getFloat64(0);
}

describe('a recording of SANA-FE', () => {
  test.each(goldenNames.sanafe)('is reproduced in every bit: %s', (name) => {
    const trace = readTrace(goldenText(name), `${name}.json`, recordedFormats);
    expect(trace.usesEngine).toBe(false);
    const verdict = trace.replay({ ...replayContext, file: `${name}.json` });
    expect(wordsOf(verdict)).toBe('agrees');
  });

  test('that agrees is reported in one line', () => {
    const verdict = verdictOf(() => {});
    expect(verdict.agrees && verdict.summary).toBe(
      '64 steps of 218 neurons on 9 cores, 1623 spikes, 3728 packets, 14111 hops, 85076 synapse events, energy and time (simple, detailed) of each step, 218 messages, potentials after 6 steps',
    );
  });

  test.each<[string, (trace: SanafeTrace) => void, string]>([
    [
      'a spike less',
      ({ outputs }) => at(outputs.spikes, 20).splice(4, 1),
      'step 21: spike 4: expected neuron',
    ],
    [
      'a lost packet',
      ({ outputs }) => add(outputs.per_step.packets, 11, -1),
      'step 12: packets: expected 25, found 26',
    ],
    [
      'a lost message',
      ({ outputs }) => at(Object.values(outputs.messages.step), 1).splice(3, 1),
      ' of message 3 (neuron ',
    ],
    [
      'a message that is received later, by a bit',
      ({ outputs }) => {
        const message = at(Object.values(outputs.messages.step)[2], 5);
        message[9] = nextAfter(at(message, 9));
      },
      ': detailed.received of message 5 (neuron ',
    ],
    [
      'a hop more',
      ({ outputs }) => add(outputs.per_step.hops, 0, 1),
      'step 1: hops: expected 121, found 120',
    ],
    [
      'energy that differs in its last bit',
      ({ outputs }) => {
        const { network } = outputs.per_step.energy;
        network[40] = nextAfter(at(network, 40));
      },
      'step 41: energy of network: expected',
    ],
    [
      'a step that takes longer by a bit, without congestion',
      ({ outputs }) => {
        const { simple } = outputs.per_step.sim_time;
        simple[63] = nextAfter(at(simple, 63));
      },
      'step 64: simple step time: expected',
    ],
    [
      'a step that takes longer by a bit, with congestion',
      ({ outputs }) => {
        const { detailed } = outputs.per_step.sim_time;
        detailed[30] = nextAfter(at(detailed, 30));
      },
      'step 31: detailed step time: expected',
    ],
    [
      'another potential',
      ({ outputs }) => put(at(Object.values(outputs.potentials.after_step), 2), 7, 0.25),
      ': potential of neuron 71: expected 0.25, found',
    ],
    [
      'another sum',
      ({ outputs }) => {
        outputs.totals.sim_time.cycle *= 2;
      },
      'in all: time of the cycle model: expected',
    ],
    [
      'another weight',
      ({ network }) => put(at(at(network.edges, 3), 1), 0, 200),
      'step 2: spike 12: expected neuron 73, found neuron 64',
    ],
    [
      'a neuron on another core',
      ({ network }) => put(network.core, 70, 22),
      'step 1: energy of total: expected',
    ],
  ])('expects %s', (_, change, message) => {
    expect(wordsOf(verdictOf(change))).toContain(message);
  });

  test('of another chip is refused, with the figure', () => {
    const error = () => verdictOf(({ architecture }) => put(architecture.hop.energy, 'north', 4e-12));
    expect(error).toThrow(PlasticoreError);
    expect(error).toThrow(
      'the trace describes another chip: architecture.hop.energy.north: expected 4.2e-12, found 4e-12',
    );
  });

  test.each<[string, (trace: SanafeTrace) => void, string]>([
    [
      'a neuron that does not exist',
      ({ outputs }) => at(outputs.spikes, 3).push(218),
      'outputs.spikes.3.15: expected a neuron from 167 to 217, ascending, found 218',
    ],
    [
      'a step less',
      ({ outputs }) => outputs.per_step.energy.soma.pop(),
      'outputs.per_step.energy.soma: expected 64 items (one for each step), found 63',
    ],
    [
      'a core that the mesh lacks',
      ({ network }) => put(network.core, 9, 128),
      'network.core.9: expected a core below 128, found 128',
    ],
    [
      'a synapse onto an input',
      ({ network }) => put(at(at(network.edges, 200), 0), 0, 3),
      'network.edges.200.0.0: neuron 3 is an input and takes no spikes',
    ],
  ])('with %s is refused, with the place', (_, change, message) => {
    const trace = structuredClone(golden);
    change(trace);
    const json = parseJson(JSON.stringify(trace), 'x.json');
    expect(() => checkJson(json, sanafeSchema)).toThrow(message);
  });
});

test('the command verifies a recording where the module is given, and says elsewhere what is missing', async () => {
  const file = 'test/golden/traces/sanafe-layers.json.br';
  const module = fileURLToPath(new URL('./sanafe.mjs', import.meta.url));
  const { status, stdout } = await commandLine(argv`verify ${file} --chip ${module}`);
  expect([status, stdout]).toEqual([
    0,
    expect.stringContaining(`${file}: identical: 64 steps of 218 neurons`),
  ]);
  const without = await commandLine(argv`verify ${file}`);
  expect(without.status).toBe(2);
  expect(without.stderr).toContain("found 'sanafe-golden/1'");
  expect(without.stderr).toContain('load the module that reads it: --chip sanafe.mjs');
});
