import { type CoreImage, neuronMask } from '../../image/index.ts';
import { at } from '../../text/index.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import { indexBits } from '../plan/widths.ts';
import { commandBits, streamCommands } from './protocol.ts';

/** What `top_stream.sv`, a core behind two streams, has to know of the core: its marks. */
export function streamMarks(plan: CorePlan): Readonly<Record<string, string>> {
  const { image, widths, batches } = plan;
  const { banks, core, generators, populations, input } = image;
  const { payload } = at(populations, input);
  // The generators are one bank more.
  const words = [...banks.map(({ usedWords }) => usedWords), core.lanes + generators.length];
  const beats = [...banks.map(({ wordBits }) => Math.ceil(wordBits / 32)), 1];
  const room = 2 ** indexBits(2 * (plan.tilesAfterReady + 2));
  const kept = keptSpikes(plan);
  const { population, tile, lanes, value } = widths;
  const defined = {
    STREAM_KEEPS: kept > 0,
    STREAM_BATCHES: batches.length > 0,
    STREAM_INPUT_VALUES: payload !== undefined,
    STREAM_VALUES: value > 0,
  };
  const numbers = {
    ...{ LANES: lanes, LANE_BITS: indexBits(lanes), TILE_BITS: tile, POPULATION_BITS: population },
    ...{ NEURON_BITS: widths.neuron, LABEL_BITS: widths.label, INTERVAL_BITS: widths.interval },
    ...{ BEATS: Math.max(...beats), HOST_BITS: widths.host },
    ...{ HOST_ADDRESS_BITS: widths.hostAddress, HOST_BANK_BITS: widths.hostBank },
    // Tiles of spikes that wait, and up to how many the core may send more.
    ...{ TILES_BITS: population + tile + lanes + lanes * value, ROOM: room, PLACE_BITS: indexBits(room) },
    READY_BELOW: room - plan.tilesAfterReady - 2,
    ...{ LEARN_BIT: commandBits.learn, REPLAY_BIT: commandBits.replay, INTERVAL_BIT: commandBits.interval },
    ...(batches.length > 0 && { BATCHES: batches.length, ENDS_BIT: commandBits.ends }),
    ...(value > 0 && { VALUE_BITS: value }),
    ...(payload !== undefined && { INPUT_SHIFT: payload.shift }),
    ...(kept > 0 && { KEPT_BITS: indexBits(kept) }),
  };
  const constants = [
    ...Object.entries(numbers).map(([name, number]) => `localparam ${name} = ${number};`),
    ...Object.entries(streamCommands).map(
      ([name, { number }]) => `localparam [3:0] OP_${name.toUpperCase()} = 4'd${number};`,
    ),
    `localparam [7:0] BANKS = 8'd${words.length};`,
    `localparam [31:0] NEURON_MASK = 32'd${neuronMask({ payload }) % 2 ** 24};`,
    ...(kept > 0 ? [`localparam [31:0] KEPT = 32'd${kept};`] : []),
  ];
  return {
    defines: Object.entries(defined)
      .flatMap(([name, isSet]) => (isSet ? [`\`define ${name}`] : []))
      .join('\n'),
    constants: constants.join('\n  '),
    bank_words: byBank(words),
    word_beats: byBank(beats),
    value_shift: shiftOf(image),
  };
}

/** The value of the bank that a command names. */
function byBank(values: readonly number[]): string {
  const choices = values.slice(0, -1).map((value, bank) => `bank == 8'd${bank} ? 32'd${value} : `);
  return `${choices.join('')}32'd${at(values, values.length - 1)}`;
}

/** Where in an address the value is that a spike of the core carries. */
function shiftOf({ populations }: CoreImage): string {
  const shifts = populations.map(
    ({ payload }, index) => `out_population == ${index} ? ${payload?.shift ?? 0} : `,
  );
  return `${shifts.join('')}0`;
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
