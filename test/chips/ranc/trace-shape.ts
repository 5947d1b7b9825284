import { Part } from 'plasticore/chips';
import type * as z from 'zod';
import { type RancTrace, rancParts } from './trace-parts.ts';

type Config = RancTrace['config'];
type Stimulus = RancTrace['stimulus'];
type Expectation = RancTrace['expected'];
type CoreMemories = NonNullable<RancTrace['cores'][number]>;

/** RANC's recordings: the schema of `ranc-golden/1`. Cycles are rising edges, from 0. */
export const rancSchema = rancParts.superRefine(checkRancShape);

/** Checks that the parts of a recording fit together. Each part that does not is an issue at its path. */
function checkRancShape(trace: RancTrace, context: z.core.$RefinementCtx): void {
  const { config, stimulus } = trace;
  const part = new Part(trace, context);
  checkConfig(part.at('config'));
  forEachCore(part.at('cores'), config, (core, router) => checkMemories(core, router, config));
  checkStimulus(part.at('stimulus'), config);
  checkExpected(part.at('expected'), config, stimulus);
}

function checkConfig(config: Part<Config>): void {
  const { grid, potential_width, weight_width } = config.value;
  const output = config.at('output_core');
  if (output.at(0).below(grid[0], 'a column')) output.at(1).below(grid[1], 'a row');
  const potentials = `weights no wider than potentials (${potential_width} bits)`;
  config.at('weight_width').expect(weight_width <= potential_width, potentials);
}

/** There is an item for each router, but for the output bus. */
function forEachCore<Item>(
  items: Part<readonly (Item | null)[]>,
  { grid: [columns, rows], output_core: [x, y] }: Config,
  check: (item: Part<NonNullable<Item>>, router: number) => void,
): void {
  if (!items.length(columns * rows, 'one for each router')) return;
  for (const [router, item] of items.items().entries()) {
    const isOutput = router === x + y * columns;
    item.expect((item.value === null) === isOutput, isOutput ? 'null: the output bus' : 'those of a core');
    const core = item.present();
    if (core !== undefined) check(core, router);
  }
}

function checkMemories(core: Part<CoreMemories>, router: number, config: Config): void {
  const { axons, neurons, grid, potential_width, threshold_width } = config;
  const [x, y] = [router % grid[0], Math.floor(router / grid[0])];
  const xy = core.at('xy');
  xy.expect(xy.value[0] === x && xy.value[1] === y, `[${x}, ${y}]`);
  const isType = (digit: string): boolean => /\d/.test(digit) && Number(digit) < config.axon_types;
  const types = core.at('axon_types');
  types.expect(
    types.value.length === axons && Array.from(types.value).every(isType),
    `${axons} digits from 0 to ${config.axon_types - 1}`,
  );
  const isRow = (digits: string): boolean =>
    digits.length === Math.ceil(axons / 4) &&
    /^[0-9a-f]+$/.test(digits) &&
    (axons >= 4 || Number.parseInt(digits, 16) < 2 ** axons);
  perNeuron(core.at('crossbar'), neurons)?.all(isRow, `a hexadecimal number of ${axons} bits`);
  for (const weights of perNeuron(core.at('weights'), neurons)?.items() ?? [])
    checkNumbers(weights, config.axon_types, config.weight_width);
  checkNumbers(core.at('leak'), neurons, config.leak_width);
  for (const thresholds of core.each('pos_threshold', 'neg_threshold'))
    checkNumbers(thresholds, neurons, threshold_width);
  for (const potentials of core.each('reset_potential', 'potential'))
    checkNumbers(potentials, neurons, potential_width);
  perNeuron(core.at('reset_mode'), neurons);
  for (const packet of perNeuron(core.at('dest'), neurons)?.items() ?? [])
    checkPacket(packet.items(), config);
}

function perNeuron<Item>(items: Part<readonly Item[]>, neurons: number): Part<readonly Item[]> | undefined {
  return items.length(neurons, 'one for each neuron') ? items : undefined;
}

function checkStimulus(stimulus: Part<Stimulus>, config: Config): void {
  const { end, packets } = stimulus.value;
  stimulus.at('ticks').ascending(end, 'a cycle');
  stimulus
    .at('packets')
    .as(packets.map(([cycle]) => cycle))
    .ascending(end, 'a cycle');
  for (const packet of stimulus.at('packets').items()) checkPacket(packet.items().slice(1), config);
  let before = 0;
  for (const burst of stimulus.at('axis').present()?.at('bursts').items() ?? []) {
    const cycle = burst.at(0);
    cycle.expect(cycle.value >= before, `a cycle from ${before} on`);
    before = cycle.value;
    for (const packet of burst.at(1).items()) checkPacket(packet.items(), config);
  }
}

function checkPacket([dx, dy, axon, offset]: readonly Part<number>[], config: Config): void {
  dx?.expect(fits(config.dx_width)(dx.value), widthOf(config.dx_width));
  dy?.expect(fits(config.dy_width)(dy.value), widthOf(config.dy_width));
  axon?.below(config.axons, 'an axon');
  offset?.below(config.slots, 'an offset');
}

function checkExpected(expected: Part<Expectation>, config: Config, { axis }: Stimulus): void {
  const { neurons, potential_width, slots } = config;
  const ticks = expected.value.core_ticks.length;
  expected.at('potentials').length(ticks, 'one for each tick of a core');
  for (const potentials of expected.at('potentials').items())
    checkNumbers(potentials, neurons, potential_width);
  for (const counts of expected.each('fifo_writes', 'fifo_max'))
    counts.length(config.grid[0] * config.grid[1], 'one for each router');
  const final = expected.at('final');
  forEachCore(final.at('potentials'), config, (potentials) =>
    checkNumbers(potentials, neurons, potential_width),
  );
  forEachCore(final.at('read_pointer'), config, (pointer) => pointer.below(slots, 'a slot'));
  const flags = expected.at('flags');
  for (const stated of [expected.at('axis_accepted'), ...flags.each('packet_read_error', 'fifo_write_error')])
    stated.expect(
      (stated.value === undefined) === (axis === undefined),
      axis === undefined ? 'nothing without stimulus.axis' : 'a list, for stimulus.axis',
    );
}

/** As many numbers as the core has room for, each of so many bits. */
function checkNumbers(numbers: Part<readonly number[]>, length: number, bits: number): void {
  if (numbers.length(length, 'the size of a core')) numbers.all(fits(bits), widthOf(bits));
}

const fits =
  (bits: number) =>
  (value: number): boolean =>
    value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1);

const widthOf = (bits: number): string =>
  `a number of ${bits} bits (${-(2 ** (bits - 1))} to ${2 ** (bits - 1) - 1})`;
