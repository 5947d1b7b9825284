import {
  at,
  type Chip,
  type Divergence,
  firstDifference,
  goldenFormat,
  type ReplayContext,
  type Verdict,
} from 'plasticore/chips';
import { checkArchitecture, sanafeChip } from './chip.ts';
import { mapNetwork } from './network.ts';
import { Recorder, type StepRecord } from './recorder.ts';
import { packetColumns, restColumns, type SanafeTrace, sanafeFormat } from './trace-parts.ts';
import { sanafeSchema } from './trace-shape.ts';

/** The hw-model that recordings are of, and its cost set. */
const model = { hw: 'loihi', costs: 'sanafe' } as const;

/**
 * Replays a recording of SANA-FE on the bundled hw-model of Loihi, with the cost set named after it. Everything is
 * compared digit by digit, but for the step times of the recorded cycle-accurate model, which are only added up.
 */
export function replaySanafe(trace: SanafeTrace, { hwModel, file }: ReplayContext): Verdict {
  const hw = hwModel({
    hw: model.hw,
    from: '',
    settings: [{ path: ['chip', 'costs'], value: model.costs, place: { file } }],
  });
  const chip = sanafeChip(hw);
  checkArchitecture(trace, chip, file);
  const network = mapNetwork(trace.network);
  const recorder = new Recorder(network, chip);
  const totals = new Totals();
  for (const [index, inputs] of trace.inputs.entries()) {
    const found = recorder.step(inputs);
    const divergence = stepDivergence(trace, index, found, recorder);
    if (divergence !== undefined) return { agrees: false, divergence };
    totals.add(found, at(trace.outputs.per_step.sim_time.cycle, index));
  }
  const divergence = totals.divergence(trace);
  if (divergence !== undefined) return { agrees: false, divergence };
  return { agrees: true, summary: summaryOf(trace, network.cores.length) };
}

/** Recordings of SANA-FE: no controller, but the traffic, the energy and the time of a chip of many cores. */
export const sanafe: Chip = {
  name: 'sanafe',
  golden: async () => [goldenFormat(sanafeFormat, sanafeSchema, replaySanafe, { usesEngine: false })],
};

function summaryOf({ steps, network, outputs }: SanafeTrace, cores: number): string {
  const { totals, potentials, messages } = outputs;
  const listed = Object.values(messages.step).reduce((sum, list) => sum + list.length, 0);
  return (
    `${steps} steps of ${network.neurons} neurons on ${cores} cores, ${totals.fired} spikes, ${totals.packets} packets, ` +
    `${totals.hops} hops, ${totals.synapse_events} synapse events, energy and time (simple, detailed) of each step, ` +
    `${listed} messages, potentials after ${Object.keys(potentials.after_step).length} steps`
  );
}

const counts = ['fired', 'updated', 'packets', 'hops', 'synapse_events'] as const;
const energies = ['synapse', 'dendrite', 'soma', 'network', 'total'] as const;

/** The first difference of a step. Spikes come first, then what they cause. */
function stepDivergence(
  { outputs }: SanafeTrace,
  index: number,
  found: StepRecord,
  recorder: Recorder,
): Divergence | undefined {
  const when = `step ${index + 1}`;
  const { spikes, per_step } = outputs;
  const spike = firstDifference(spikes[index] ?? [], found.spikes);
  if (spike !== undefined) {
    const name = (neuron: unknown): string =>
      neuron === undefined ? 'no further spike' : `neuron ${neuron}`;
    return {
      when,
      what: `spike ${spike.at}`,
      expected: name(spike.want),
      found: name(spike.have),
      context: [],
    };
  }
  for (const name of counts) {
    const divergence = compared(when, name, per_step[name][index], found[name]);
    if (divergence !== undefined) return divergence;
  }
  return (
    messageDivergence(when, outputs.messages.step[index + 1], recorder) ??
    potentialDivergence(when, outputs.potentials, index + 1, recorder) ??
    energies
      .map((unit) => compared(when, `energy of ${unit}`, per_step.energy[unit][index], found.energy[unit]))
      .find((divergence) => divergence !== undefined) ??
    compared(when, 'simple step time', per_step.sim_time.simple[index], found.simple) ??
    compared(when, 'detailed step time', per_step.sim_time.detailed[index], found.detailed)
  );
}

function messageDivergence(
  when: string,
  wanted: readonly (readonly number[])[] | undefined,
  recorder: Recorder,
): Divergence | undefined {
  if (wanted === undefined) return undefined;
  const difference = firstDifference(wanted, recorder.messages());
  if (difference === undefined) return undefined;
  const { at, want, have } = difference;
  const words = (message: readonly number[] | undefined): string =>
    message === undefined ? 'no further message' : `[${message.join(', ')}]`;
  const column = want === undefined || have === undefined ? undefined : firstDifference(want, have);
  if (column === undefined || want?.length !== have?.length)
    return { when, what: `message ${at}`, expected: words(want), found: words(have), context: [] };
  const names: readonly string[] = want?.length === packetColumns.length ? packetColumns : restColumns;
  return {
    when,
    what: `${names[column.at]} of message ${at} (neuron ${want?.[0]}, core ${want?.[1]} to ${want?.[2]})`,
    expected: String(column.want),
    found: String(column.have),
    context: [],
  };
}

function potentialDivergence(
  when: string,
  { neurons, after_step }: SanafeTrace['outputs']['potentials'],
  step: number,
  { somas }: Recorder,
): Divergence | undefined {
  const first = Number(neurons.split('..')[0]);
  for (const [index, potential] of (after_step[step] ?? []).entries()) {
    const divergence = compared(
      when,
      `potential of neuron ${first + index}`,
      potential,
      at(somas.potential, first + index),
    );
    if (divergence !== undefined) return divergence;
  }
  return undefined;
}

function compared(
  when: string,
  what: string,
  expected: number | undefined,
  found: number,
): Divergence | undefined {
  return expected === found
    ? undefined
    : { when, what, expected: String(expected ?? 'nothing'), found: String(found), context: [] };
}

/** The sums over all steps. */
class Totals {
  readonly #counts = { fired: 0, updated: 0, packets: 0, hops: 0, synapse_events: 0 };
  readonly #energies = { synapse: 0, dendrite: 0, soma: 0, network: 0, total: 0 };
  readonly #times = { simple: 0, detailed: 0, cycle: 0 };

  add(step: StepRecord, cycle: number): void {
    for (const name of counts) this.#counts[name] += step[name];
    for (const unit of energies) this.#energies[unit] += step.energy[unit];
    this.#times.simple += step.simple;
    this.#times.detailed += step.detailed;
    this.#times.cycle += cycle;
  }

  divergence({ outputs: { totals } }: SanafeTrace): Divergence | undefined {
    const when = 'in all';
    return [
      ...counts.map((name) => compared(when, name, totals[name], this.#counts[name])),
      ...energies.map((unit) =>
        compared(when, `energy of ${unit}`, totals.energy[unit], this.#energies[unit]),
      ),
      ...(['simple', 'detailed', 'cycle'] as const).map((timing) =>
        compared(when, `time of the ${timing} model`, totals.sim_time[timing], this.#times[timing]),
      ),
    ].find((divergence) => divergence !== undefined);
  }
}
