import { Dice } from '../../engine/random/dice.ts';
import { type N1Core, type N1Parameter, type N1Route, type N1Trace, plainN1 } from '../plain/n1.ts';

/**
 * A random chip of N1 with a stimulus, in the form of the golden traces, and what the plain model says that it does.
 * Beside what the recordings cover, it updates neurons twice, has longer epochs, and random learning programs.
 *
 * @param isFull whether each address is that of a neuron; else, of three quarters of them
 */
export function randomN1(seed: number, isFull = true): N1Trace {
  const dice = new Dice(seed);
  const neuron_bits = dice.whole(2, 4);
  const neurons = isFull ? 2 ** neuron_bits : 3 * 2 ** (neuron_bits - 2);
  const cores = dice.pick([1, 1, 2, 3]);
  const threshold_parameter = dice.pick([200, 1000]);
  const stimulus = {
    format: 'catalyst-n1-golden/1' as const,
    name: `random ${seed}`,
    description: 'drawn',
    rtl: { repository: 'none', commit: 'none', licence: 'none', top: 'none', simulator: 'none' },
    seed,
    config: { cores, neurons, neuron_bits, core_bits: 2, threshold_parameter },
    cores: Array.from({ length: cores }, () => drawCore(dice, neurons, 2 ** neuron_bits - 1)),
    routes: drawRoutes(dice, cores, neurons, 8),
    global_routes: drawRoutes(dice, cores, neurons, 4),
    stimulus: Array.from({ length: 14 }, (_, step) => ({
      ...(step % 3 === 0 ? { flags: drawFlags(dice) } : {}),
      inject: Array.from({ length: dice.whole(0, 2 * neurons) }, (): [number, number, number] => [
        dice.whole(0, cores - 1),
        dice.whole(0, neurons - 1),
        dice.chance(0.1) ? dice.whole(-32768, 32767) : dice.whole(-100, 1200),
      ]),
    })),
  };
  return { ...stimulus, expected: plainN1(stimulus) };
}

function drawFlags(dice: Dice) {
  const flag = (): number => Number(dice.chance(0.5));
  return {
    learn: Number(dice.chance(0.8)),
    graded: flag(),
    dendritic: flag(),
    three_factor: flag(),
    noise: flag(),
    skip_idle: flag(),
    scale_u: flag(),
    reward: dice.pick([0, 0, dice.whole(-60, 60), dice.whole(-32768, 32767)]),
  };
}

/** @param none the parent of a neuron that has none */
function drawCore(dice: Dice, neurons: number, none: number): N1Core {
  const pool: N1Core['pool'][number][] = [];
  const index: N1Core['index'][number][] = [];
  for (let neuron = 0; neuron < neurons; neuron++) {
    if (dice.chance(0.2)) continue;
    const [format, count, base] = [dice.pick([0, 0, 1, 2]), dice.whole(1, 6), pool.length];
    for (let i = 0; i < (format === 2 ? 1 : count); i++)
      pool.push([
        neuron,
        dice.chance(0.3) ? 0 : dice.whole(0, neurons - 1),
        dice.chance(0.1) ? dice.whole(-32768, 32767) : dice.whole(-100, 700),
        dice.pick([0, 0, 1, 2, 3]),
        dice.pick([0, 0, 1, 2, dice.whole(0, 63)]),
      ]);
    index.push([neuron, base, count, format]);
  }
  return {
    neurons: drawParameters(dice, neurons, none),
    epoch_interval: dice.pick([1, 1, 2, 3]),
    update_passes: dice.pick([1, 1, 2]),
    reward_tau: dice.whole(0, 15),
    pool,
    index,
    microcode: Object.assign({}, ...[0, 64, 128, 192].map((start) => drawProgram(dice, start))),
  };
}

function drawParameters(dice: Dice, neurons: number, none: number): N1Core['neurons'] {
  const sixteen = (): number => dice.whole(-32768, 32767);
  const rarely = (otherwise: number): number => (dice.chance(0.05) ? sixteen() : otherwise);
  const tau = (): number => dice.whole(0, dice.pick([4, 15]));
  const isPlain = Array.from({ length: neurons }, () => dice.chance(0.4));
  const byCurrent = (draw: () => number) => (n: number) => (isPlain[n] === true ? 0 : draw());
  const draws: Record<N1Parameter, (neuron: number) => number> = {
    threshold: () => rarely(dice.whole(100, 1000)),
    leak: () => rarely(dice.whole(0, 40)),
    rest: () => rarely(dice.whole(-50, 50)),
    refractory: () => dice.whole(0, 4) + 512 * dice.whole(0, 1),
    noise: () => dice.pick([0, dice.whole(0, 511), 15 + 16 * dice.whole(0, 6)]),
    tau1: tau,
    tau2: tau,
    dend_thr1: () => rarely(dice.whole(0, 200)),
    dend_thr2: () => rarely(dice.whole(0, 200)),
    dend_thr3: () => rarely(dice.whole(0, 200)),
    homeo_target: () => dice.whole(0, 3),
    homeo_eta: () => dice.pick([dice.whole(0, 60), 255]),
    dend_parent: () => dice.whole(0, 63),
    decay_v: byCurrent(() => dice.pick([0, 410, 4095, dice.whole(0, 4095)])),
    decay_u: byCurrent(() => dice.pick([0, 700, 4095, dice.whole(0, 4095)])),
    bias: byCurrent(() => dice.pick([0, 0, dice.whole(0, 65535)])),
    tau_x2: tau,
    tau_y2: tau,
    tau_y3: tau,
    parent: () => (dice.chance(0.4) ? none : dice.whole(0, neurons - 1)),
    join: () => dice.whole(0, 15),
    root: () => Number(dice.chance(0.9)),
    noise_target: () => dice.whole(0, 2),
    vmin: () => dice.pick([-32768, -200]),
    vmax: () => dice.pick([32767, 450]),
  };
  return Object.fromEntries(
    Object.entries(draws).map(([name, draw]) => [name, Array.from({ length: neurons }, (_, n) => draw(n))]),
  ) as Record<N1Parameter, number[]>;
}

function drawRoutes(dice: Dice, cores: number, neurons: number, slots: number): N1Route[] {
  const routes: N1Route[] = [];
  for (let core = 0; core < cores && cores > 1; core++)
    for (let neuron = 0; neuron < neurons; neuron++)
      for (let slot = 0; slot < slots; slot++)
        if (dice.chance(0.15))
          routes.push([
            core,
            neuron,
            slot,
            dice.whole(0, cores - 1),
            dice.whole(0, neurons - 1),
            dice.whole(-100, 900),
          ]);
  return routes;
}

/** A program of some words on a few registers. A skip at its end finds another end. */
function drawProgram(dice: Dice, start: number): Record<string, string> {
  const registers = [5, 6, 7, 8, dice.whole(0, 4), dice.whole(0, 15), dice.whole(9, 15)];
  const word = (): number => {
    const opcode = dice.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 12, 12, 13, 14, 15]);
    const [d, a, b] = [dice.pick(registers), dice.pick(registers), dice.pick(registers)];
    const low = opcode === 8 ? dice.whole(0, 65535) : dice.whole(0, 7) << 13;
    return ((opcode << 28) | (d << 24) | (a << 20) | (opcode === 8 ? low : (b << 16) | low)) >>> 0;
  };
  const words = [...Array.from({ length: dice.whole(0, 10) }, word), 0xd0000000, 0xd0000000];
  return Object.fromEntries(
    words.map((value, at) => [start + at, value.toString(16).padStart(8, '0').toUpperCase()]),
  );
}
