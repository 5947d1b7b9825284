import { type CoreImage, neuronMask } from '../../image/index.ts';
import { at } from '../../text/index.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import { indexBits } from '../plan/widths.ts';
import { commandBits, streamCommands } from './protocol.ts';

/** A memory at the host's port. */
export interface MemoryShape {
  readonly name: string;
  readonly words: number;
  readonly wordBits: number;
}

/** What `top_stream.sv`, a core behind two streams, has to know of a core. */
export interface StreamFacts {
  /** Widths of the core's ports; no values where they have 0 bits. */
  readonly widths: Readonly<
    Record<
      | 'lanes'
      | 'tile'
      | 'population'
      | 'neuron'
      | 'value'
      | 'label'
      | 'interval'
      | 'host'
      | 'hostAddress'
      | 'hostBank',
      number
    >
  >;
  /** The memories at the host's port: banks, then generators, then those that are only written. */
  readonly memories: readonly MemoryShape[];
  readonly readableMemories: number;
  /** Whether a word that is read comes a cycle later. */
  readonly isLate: boolean;
  /** Tiles of spikes that the core may send after it has been told that there is no more room. */
  readonly tilesAfterReady: number;
  /** Spikes of a step that are kept, if the core asks for them several times; else 0. */
  readonly keptSpikes: number;
  readonly batches: number;
  /** The place of the value in a spike of the input; undefined where it carries none. */
  readonly inputShift: number | undefined;
  /** Bits of a spike of the input that are its neuron. */
  readonly neuronMask: number;
  /** By population, the place of the value in a spike of the core. */
  readonly shifts: readonly number[];
}

/** What is known of a core that is hard-wired for a program. */
export function streamFacts(plan: CorePlan): StreamFacts {
  const { image, widths, batches, tilesAfterReady } = plan;
  const { populations, input } = image;
  const { payload } = at(populations, input);
  const memories = streamMemories(image);
  return {
    ...{ widths, memories, readableMemories: memories.length, isLate: false, tilesAfterReady },
    ...{ keptSpikes: keptSpikes(plan), batches: batches.length, inputShift: payload?.shift },
    neuronMask: neuronMask({ payload }) % 2 ** 24,
    shifts: populations.map(({ payload: own }) => own?.shift ?? 0),
  };
}

/** The banks of a core, and its generators, which are one bank more. */
function streamMemories({ banks, core, generators }: CoreImage): MemoryShape[] {
  return [
    ...banks.map(({ name, usedWords, wordBits }) => ({ name, words: usedWords, wordBits })),
    { name: 'generators', words: core.lanes + generators.length, wordBits: 32 },
  ];
}

/** The marks of `top_stream.sv`. */
export function streamMarks(facts: StreamFacts): Readonly<Record<string, string>> {
  const { widths, memories, batches, tilesAfterReady, inputShift, shifts, keptSpikes: kept } = facts;
  const beats = memories.map(({ wordBits }) => Math.ceil(wordBits / 32));
  const room = 2 ** indexBits(2 * (tilesAfterReady + 2));
  const { population, tile, lanes, value } = widths;
  const defined = {
    STREAM_KEEPS: kept > 0,
    STREAM_BATCHES: batches > 0,
    STREAM_INPUT_VALUES: inputShift !== undefined,
    STREAM_VALUES: value > 0,
    STREAM_LATE_HOST: facts.isLate,
  };
  const numbers = {
    ...{ LANES: lanes, LANE_BITS: indexBits(lanes), TILE_BITS: tile, POPULATION_BITS: population },
    ...{ NEURON_BITS: widths.neuron, LABEL_BITS: widths.label, INTERVAL_BITS: widths.interval },
    ...{ BEATS: Math.max(...beats), HOST_BITS: widths.host },
    ...{ HOST_ADDRESS_BITS: widths.hostAddress, HOST_BANK_BITS: widths.hostBank },
    // Tiles of spikes that wait, and up to how many the core may send more.
    ...{ TILES_BITS: population + tile + lanes + lanes * value, ROOM: room, PLACE_BITS: indexBits(room) },
    READY_BELOW: room - tilesAfterReady - 2,
    ...{ LEARN_BIT: commandBits.learn, REPLAY_BIT: commandBits.replay, INTERVAL_BIT: commandBits.interval },
    ...(batches > 0 && { BATCHES: batches, ENDS_BIT: commandBits.ends }),
    ...(value > 0 && { VALUE_BITS: value }),
    ...(inputShift !== undefined && { INPUT_SHIFT: inputShift }),
    ...(kept > 0 && { KEPT_BITS: indexBits(kept) }),
  };
  const constants = [
    ...Object.entries(numbers).map(([name, number]) => `localparam ${name} = ${number};`),
    ...Object.entries(streamCommands).map(
      ([name, { number }]) => `localparam [3:0] OP_${name.toUpperCase()} = 4'd${number};`,
    ),
    `localparam [7:0] BANKS = 8'd${memories.length};`,
    `localparam [31:0] NEURON_MASK = 32'd${facts.neuronMask};`,
    ...(kept > 0 ? [`localparam [31:0] KEPT = 32'd${kept};`] : []),
  ];
  const readable = facts.readableMemories;
  return {
    defines: Object.entries(defined)
      .flatMap(([name, isSet]) => (isSet ? [`\`define ${name}`] : []))
      .join('\n'),
    constants: constants.join('\n  '),
    named_banks: readable === memories.length ? 'BANKS' : `(op_now == OP_READ ? 8'd${readable} : BANKS)`,
    bank_words: byBank(memories.map(({ words }) => words)),
    word_beats: byBank(beats),
    value_shift: `${shifts.map((shift, index) => `out_population == ${index} ? ${shift} : `).join('')}0`,
  };
}

/** The value of the bank that a command names. */
function byBank(values: readonly number[]): string {
  const choices = values.slice(0, -1).map((value, bank) => `bank == 8'd${bank} ? 32'd${value} : `);
  return `${choices.join('')}32'd${at(values, values.length - 1)}`;
}

/**
 * Spikes of a step that are kept, if the core asks for them several times; else 0: the core takes the stream's. Neurons
 * may spike more than once in a step, if an encoder says so: there is room for twice as many.
 */
function keptSpikes(plan: CorePlan): number {
  const { image, tick } = plan;
  const deliveries = plan.lists.flatMap((list) =>
    list.steps.flatMap(({ action }) =>
      action.does === 'deliver' && action.population === image.input && action.spikes !== 'previous'
        ? [list]
        : [],
    ),
  );
  const isOnce = deliveries.filter((list) => list !== plan.sample).length <= 1;
  if (isOnce && deliveries.every((list) => list === tick || list === plan.sample)) return 0;
  return 2 ** indexBits(2 * at(image.populations, image.input).size);
}
