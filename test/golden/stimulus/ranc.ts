import { Dice } from '../../engine/random/dice.ts';
import { plainRanc, type RancConfig, type RancMemories, type RancTrace, type Word } from '../plain/ranc.ts';

/**
 * A random chip of RANC, with packets and ticks, in the form of the golden traces, and what the plain model says that
 * it does. It covers what the description names: stalls, missed ticks, locked lanes, packets for the row that is read,
 * merged and lost ones, wrapping sums, every kind of reset, drops at the input, and the stream front end.
 */
export function randomRanc(seed: number): RancTrace {
  const dice = new Dice(seed);
  const config = drawConfig(dice);
  const [columns, rows] = config.grid;
  const [outputX, outputY] = config.output_core;
  const draw = traffic(dice, config);
  const cores = Array.from({ length: columns * rows }, (_, c) =>
    c === outputX + outputY * columns ? null : drawCore(dice, config, c, draw),
  );
  const period = config.neurons * (config.axons + 2) + 3;
  const ticks = [20 + dice.whole(0, 9)];
  while (ticks.length < 7) {
    const gap = dice.pick([period, period, period - 1, period + dice.whole(1, 40), 1, 2 * period]);
    ticks.push((ticks.at(-1) ?? 0) + gap);
  }
  const end = (ticks.at(-1) ?? 0) + dice.pick([period + 60, 40]);
  const hasAxis = dice.chance(0.25);
  const packets = hasAxis ? [] : drawPackets(dice, ticks, end, draw);
  const axis = hasAxis ? drawAxis(dice, ticks, draw) : undefined;
  const stimulus = {
    format: 'ranc-golden/1' as const,
    name: `random ${seed}`,
    description: 'drawn',
    seed,
    config,
    cores,
    stimulus: { ticks, packets, end, ...(axis === undefined ? {} : { axis }) },
  };
  const { packets: entered, ...expected } = plainRanc(stimulus);
  const all = entered.map(([cycle = 0, ...word]): readonly [number, ...Word] => [cycle, ...wordOf(word)]);
  return {
    ...stimulus,
    stimulus: { ...stimulus.stimulus, packets: hasAxis ? all : packets },
    // As a file has it: without what is undefined.
    expected: JSON.parse(JSON.stringify(expected)) as RancTrace['expected'],
  };
}

function wordOf([dx = 0, dy = 0, axon = 0, offset = 0]: readonly number[]): Word {
  return [dx, dy, axon, offset];
}

function drawConfig(dice: Dice): RancConfig {
  const columns = dice.whole(1, 3);
  const rows = columns === 1 ? dice.whole(2, 3) : dice.whole(1, 3);
  const potential_width = dice.pick([6, 9, 12, 20]);
  return {
    grid: [columns, rows],
    output_core: [dice.whole(0, columns - 1), dice.whole(0, rows - 1)],
    outputs: dice.pick([1, 3, 8, 32]),
    axons: dice.pick([4, 8, 16, 32]),
    neurons: dice.whole(2, 16),
    slots: dice.pick([2, 4, 16, 32]),
    axon_types: dice.pick([2, 4]),
    potential_width,
    weight_width: dice.whole(4, potential_width),
    leak_width: dice.whole(3, 10),
    threshold_width: dice.whole(4, 12),
    dx_width: dice.pick([3, 4, 9]),
    dy_width: dice.pick([3, 4, 9]),
    fifo_depth: dice.pick([1, 2, 4, 8]),
    input_fifo_depth: dice.pick([1, 4, 16]),
  };
}

/** Draws destinations from a router: within the grid, or rarely beyond it where the chip is to lock up. */
function traffic(dice: Dice, { grid, axons, slots, dx_width, dy_width }: RancConfig) {
  const [columns, rows] = grid;
  const beyond = dice.chance(0.3) ? 0.1 : 0;
  const hot = dice.whole(0, columns * rows - 1);
  const own = dice.pick([0.1, 0.5]);
  return (router: number): Word => {
    const to = dice.chance(own) ? router : dice.chance(0.5) ? hot : dice.whole(0, columns * rows - 1);
    const far = dice.chance(beyond) ? 3 : 0;
    const clip = (value: number, bits: number) => Math.max(-(2 ** (bits - 1)), Math.min(2 ** (bits - 1) - 1, value));
    const dx = (to % columns) - (router % columns) + dice.pick([-far, far]);
    const dy = Math.floor(to / columns) - Math.floor(router / columns) + dice.pick([0, -far, far]);
    const offset = dice.pick([0, 0, 0, slots - 1, slots - 1, dice.whole(0, slots - 1)]);
    return [clip(dx, dx_width), clip(dy, dy_width), dice.whole(0, axons - 1), offset];
  };
}

function drawCore(dice: Dice, config: RancConfig, router: number, draw: (router: number) => Word): RancMemories {
  const { axons, neurons, axon_types, potential_width, weight_width, leak_width, threshold_width } = config;
  const signed = (bits: number) => dice.whole(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1);
  const small = (bits: number, most: number) => {
    const limit = Math.min(most, 2 ** (bits - 1) - 1);
    return dice.whole(-limit, limit);
  };
  const each = <Item>(item: () => Item): Item[] => Array.from({ length: neurons }, item);
  const density = dice.pick([0.1, 0.5, 0.9]);
  const busy = dice.pick([0.1, 0.5, 0.9]);
  return {
    xy: [router % config.grid[0], Math.floor(router / config.grid[0])],
    axon_types: Array.from({ length: axons }, () => dice.whole(0, axon_types - 1)).join(''),
    crossbar: each(() =>
      Array.from({ length: axons / 4 }, () =>
        [0, 1, 2, 3].reduce((digit, bit) => digit + (dice.chance(density) ? 2 ** bit : 0), 0).toString(16),
      ).join(''),
    ),
    weights: each(() =>
      Array.from({ length: axon_types }, () => (dice.chance(0.1) ? signed(weight_width) : small(weight_width, 40))),
    ),
    leak: each(() => (dice.chance(busy) ? small(leak_width, 20) : 0)),
    pos_threshold: each(() => (dice.chance(0.05) ? signed(threshold_width) : Math.abs(small(threshold_width, 40)))),
    neg_threshold: each(() => (dice.chance(0.1) ? signed(threshold_width) : -Math.abs(small(threshold_width, 60)))),
    reset_potential: each(() => (dice.chance(0.2) ? signed(potential_width) : small(potential_width, 9))),
    reset_mode: each(() => dice.whole(0, 1)),
    potential: each(() => signed(potential_width)),
    dest: each(() => draw(router)),
  };
}

/** Packets in clusters: at the beginning, around ticks, and at random. */
function drawPackets(
  dice: Dice,
  ticks: readonly number[],
  end: number,
  draw: (router: number) => Word,
): (readonly [number, ...Word])[] {
  const density = dice.pick([0.02, 0.1, 0.5]);
  // Westward packets enter the eastward lane, leave the grid there, and lock it.
  const astray = dice.chance(0.2) ? 0.03 : 0;
  const cycles = Array.from({ length: end }, (_, cycle) => cycle).filter(
    (cycle) => dice.chance(density) || (ticks.some((tick) => Math.abs(tick - 6 - cycle) < 5) && dice.chance(0.5)),
  );
  return cycles.map((cycle) => {
    const [dx, dy, axon, offset] = draw(0);
    return [cycle, dice.chance(astray) ? -1 : Math.max(0, dx), dy, axon, offset];
  });
}

function drawAxis(dice: Dice, ticks: readonly number[], draw: (router: number) => Word) {
  const near = ticks.flatMap((tick) => [tick - dice.whole(2, 12), tick + dice.whole(5, 60)]).filter(() => dice.chance(0.7));
  const bursts = near
    .sort((a, b) => a - b)
    .map((cycle): readonly [number, readonly Word[]] => [
      cycle,
      Array.from({ length: dice.whole(1, 9) }, () => {
        const [dx, dy, axon, offset] = draw(0);
        return [Math.max(0, dx), dy, axon, offset];
      }),
    ]);
  return { max_packets: dice.pick([4, 8, 32]), bursts };
}
