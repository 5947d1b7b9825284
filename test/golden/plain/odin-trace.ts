// ODIN's recordings (../specification.md, section 1.6), as what the plain model takes and gives, and back.

import type { OdinExpected, OdinField, OdinOperation, OdinStimulus, OdinTrace } from './odin-format.ts';
import { wordFields } from './odin-format.ts';
import { type Memories, numbersOf, type RecordedTrace, rowsOf } from './recorded-trace.ts';

const neuronCount = 256;
/** By their number in the recordings. */
const kinds = ['PUSH', 'POP_NEUR', 'POP_VIRT', 'SYNAPSE', 'TREF', 'BIST'] as const satisfies readonly OdinOperation[];
const fields = Object.keys(wordFields) as OdinField[];

const each = (value: number): number[] => Array.from({ length: neuronCount }, () => value);
const flags = (set: readonly number[]): number[] => each(0).map((_, index) => Number(set.includes(index)));
const setOf = (values: readonly number[]): number[] => values.flatMap((value, index) => (value === 0 ? [] : [index]));
const digitsOf = (rows: readonly string[], of: (nibble: number) => number): number[] =>
  Array.from(rows.join(''), (digit) => of(Number.parseInt(digit, 16)));

/** Weights and mapping bits of all synapses, as rows of digits. */
function rowsOfDigits(memory: Memories[number]): string[] {
  const map = numbersOf(memory, 'synapses.map');
  const digits = numbersOf(memory, 'synapses.w').map((w, at) => (8 * (map[at] ?? 0) + w).toString(16));
  return rowsOf(digits, neuronCount).map((row) => row.join(''));
}

const synapsesOf = (rows: readonly string[]) => ({
  'synapses.w': digitsOf(rows, (nibble) => nibble & 7),
  'synapses.map': digitsOf(rows, (nibble) => nibble >> 3),
});

/** A stimulus of the plain model, with what is expected of it, as a recording. */
export function odinTrace({ expected, ...stimulus }: OdinTrace): RecordedTrace {
  const { config, neurons, synapses, initial_up, initial_down, events, name, description } = stimulus;
  return {
    format: 'plasticore-controller-trace/1',
    name,
    description,
    program: 'odin',
    hwModel: 'odin',
    memories: [
      {
        isOpen: [config.open_loop],
        updatesUnmapped: [config.update_unmapped_syn],
        propagatesUnmapped: [config.propagate_unmapped_syn],
        learnsAtSynapses: [config.sdsp_on_syn_stim],
        ...Object.fromEntries(fields.map((field) => [`neurons.${field}`, [...neurons[field]]])),
        'neurons.lif': each(1),
        'neurons.syn_sign': [...config.syn_sign],
        'neurons.up': flags(initial_up),
        'neurons.down': flags(initial_down),
        ...synapsesOf(synapses),
      },
    ],
    inputs: [...events.map(([mode, address]): [string, number, number] => ['event', mode, address]), ['drain']],
    expected: expectedTrace(stimulus, expected),
  };
}

function expectedTrace({ synapses }: OdinStimulus, expected: OdinExpected): RecordedTrace['expected'] {
  const { counters, final_neurons } = expected;
  const rest = {
    operations: expected.ops.map(([start, kind, ...more]) => [start, kinds.indexOf(kind), ...more]),
    spikes: expected.spikes.map((spike) => [...spike]),
  };
  /** What came to pass until a cycle. */
  const until = (end: number): Record<string, number[][]> =>
    Object.fromEntries(
      Object.entries(rest)
        .map(([name, rows]): [string, number[][]] => {
          const next = rows.findIndex(([cycle = 0]) => cycle > end);
          return [name, rows.splice(0, next < 0 ? rows.length : next)];
        })
        .filter(([, rows]) => rows.length > 0),
    );
  const drained = until.bind(undefined, counters.end_cycle);
  const inputs: RecordedTrace['expected']['inputs'] = expected.event_cycles.map((cycles) => ({
    cycles: cycles[4],
    records: { ...until(cycles[4]), events: [cycles] },
  }));
  const last = drained();
  return {
    inputs: [
      ...inputs,
      { cycles: counters.end_cycle, ...(Object.keys(last).length > 0 && { records: last }) },
    ],
    states: [
      {
        'neurons.core': final_neurons.core,
        'neurons.calcium': final_neurons.calcium,
        'neurons.caleak_cnt': final_neurons.caleak_cnt,
        'neurons.up': flags(expected.final_up),
        'neurons.down': flags(expected.final_down),
        ...synapsesOf(expected.final_synapses ?? synapses),
        busy: [counters.output_stall_cycles],
      },
    ],
    contents: [{ neurons: expected.final_neuron_words }],
    banks: [
      { name: 'neurons', wordsRead: counters.neuron_reads, wordsWritten: counters.neuron_writes },
      { name: 'synapses', wordsRead: counters.synapse_word_reads, wordsWritten: counters.synapse_word_writes },
    ],
  };
}

/** What goes into the chip in a recording, as the plain model takes it. */
export function odinStimulus({ name, description, memories, inputs }: RecordedTrace): OdinStimulus {
  const [memory = {}] = memories;
  const of = (field: string): number[] => numbersOf(memory, field);
  return {
    name,
    description,
    config: {
      open_loop: of('isOpen')[0] ?? 0,
      update_unmapped_syn: of('updatesUnmapped')[0] ?? 0,
      propagate_unmapped_syn: of('propagatesUnmapped')[0] ?? 0,
      sdsp_on_syn_stim: of('learnsAtSynapses')[0] ?? 0,
      syn_sign: of('neurons.syn_sign'),
    },
    neurons: Object.fromEntries(fields.map((field) => [field, of(`neurons.${field}`)])) as Record<OdinField, number[]>,
    synapses: rowsOfDigits(memory),
    initial_up: setOf(of('neurons.up')),
    initial_down: setOf(of('neurons.down')),
    events: inputs.flatMap(([what, mode = 0, address = 0]): [number, number][] =>
      what === 'event' ? [[mode, address]] : [],
    ),
  };
}
