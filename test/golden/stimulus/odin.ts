import { Dice } from '../../engine/random/dice.ts';
import {
  type OdinConfig,
  type OdinField,
  type OdinStimulus,
  type OdinTrace,
  odinFlags,
  plainOdin,
  StillActive,
} from '../plain/odin.ts';

const neurons = Array.from({ length: 256 }, (_, index) => index);

/** More operations than this, and the activity is taken to feed itself for ever. */
const mostOperations = 500;

/**
 * A random configuration of ODIN and random events for it, with what the plain model
 * says that the chip does. It covers what the specification names: overflow of the scheduler, zero thresholds, virtual
 * events of zeros, single synapses (mapped or not), open and closed loop, disabled neurons, the calcium's leak in each
 * of its forms, bistability of one row and of all, both modes of events, inhibitory neurons.
 */
export function randomOdin(seed: number): OdinTrace {
  // Closed loops may feed themselves for ever: each attempt inhibits more, and at last the loop is opened.
  for (let attempt = 0; attempt < 5; attempt++) {
    const stimulus = drawStimulus(seed, attempt);
    try {
      return { ...stimulus, expected: plainOdin(stimulus, mostOperations) };
    } catch (error) {
      if (!(error instanceof StillActive)) throw error;
    }
  }
  throw new Error(`seed ${seed} has no stimulus that ends`);
}

function drawStimulus(seed: number, attempt: number): OdinStimulus {
  const dice = new Dice(seed);
  const isOpenLoop = dice.chance(0.25) || attempt === 4;
  const inhibitory = Math.min(1, dice.pick([0.1, 0.5, 0.9]) + 0.3 * attempt);
  const config: OdinConfig = {
    open_loop: Number(isOpenLoop),
    update_unmapped_syn: flag(dice, 0.3),
    propagate_unmapped_syn: flag(dice, 0.5),
    sdsp_on_syn_stim: flag(dice, 0.5),
    syn_sign: neurons.map(() => flag(dice, inhibitory)),
  };
  const fields = drawNeurons(dice, isOpenLoop);
  const flags = neurons.map((index) =>
    odinFlags(
      Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, values[index]])) as Record<
        OdinField,
        number
      >,
    ),
  );
  const density = dice.pick([0.05, 0.4, 1]);
  const mapped = dice.pick([0.1, 0.5, 1]);
  return {
    name: `odin-random-${seed}`,
    description: `a random stimulus, from seed ${seed}`,
    config,
    neurons: fields,
    synapses: neurons.map(() =>
      neurons.map(() => (dice.chance(density) ? drawSynapse(dice, mapped) : 0).toString(16)).join(''),
    ),
    initial_up: neurons.filter((index) => flags[index]?.up),
    initial_down: neurons.filter((index) => flags[index]?.down),
    events: drawEvents(dice),
  };
}

function drawSynapse(dice: Dice, mapped: number): number {
  return 8 * flag(dice, mapped) + dice.whole(0, 7);
}

function drawNeurons(dice: Dice, isOpenLoop: boolean): Record<OdinField, number[]> {
  const draw = (value: () => number) => neurons.map(value);
  const calciumEnabled = dice.pick([0, 0.5, 1]);
  const disabled = dice.pick([0, 0.1, 0.9]);
  const highest = dice.pick([12, 60, 255]);
  const zeroThreshold = dice.pick([0, 0.05, 0.5]);
  const disable = draw(() => flag(dice, disabled));
  // An enabled neuron with threshold 0 in a closed loop spikes at every spike, so the core would never be idle.
  const thr = draw(() => 0).map((_, index) =>
    dice.chance(zeroThreshold) && (isOpenLoop || disable[index] === 1) ? 0 : dice.whole(1, highest),
  );
  return {
    leak_str: draw(() => dice.pick([0, dice.whole(1, 10), dice.whole(0, 127)])),
    leak_en: draw(() => flag(dice, 0.8)),
    thr,
    ca_en: draw(() => flag(dice, calciumEnabled)),
    thetamem: draw(() => dice.whole(0, dice.pick([highest, 255]))),
    ca_theta1: draw(() => dice.whole(0, 7)),
    ca_theta2: draw(() => dice.whole(0, 7)),
    ca_theta3: draw(() => dice.whole(0, 7)),
    ca_leak: draw(() => dice.pick([0, 1, 2, dice.whole(3, 31)])),
    // At or above its threshold at first: many spike at once at the next update, and the scheduler overflows.
    core: thr.map((threshold) => dice.whole(0, Math.min(255, threshold + dice.pick([0, 5])))),
    calcium: draw(() => dice.whole(0, 7)),
    // Beyond ca_leak it goes once round.
    caleak_cnt: draw(() => dice.pick([0, 0, dice.whole(0, 31)])),
    disable,
  };
}

function drawEvents(dice: Dice): [number, number][] {
  // Back to back, drained one by one, or both.
  const backToBack = dice.pick([0, 0.5, 1]);
  const count = dice.whole(10, 60);
  return Array.from({ length: count }, () => [flag(dice, backToBack), drawAddress(dice)]);
}

/** Section 1.4, by what an address means. */
function drawAddress(dice: Dice): number {
  const high = dice.whole(0, 255) << 8;
  const virtual = (bits: number) => high | (bits << 3) | 1;
  switch (dice.whole(0, 11)) {
    case 0:
    case 1:
      return 0x10000 | high | dice.whole(0, 255);
    case 2:
      return 0x7f;
    case 3:
      return high | 0xff;
    case 4:
      return high | 0x80;
    case 5:
      // All rows take 16384 cycles: seldom.
      return dice.chance(0.3) ? high : high | 0x80;
    case 6:
      return virtual(0);
    case 7:
    case 8:
      return virtual(dice.whole(0, 31));
    case 9:
      // [2:0] of a neuron's spike is 7 by convention, and anything but 0 and 1.
      return high | dice.whole(2, 7);
    default:
      return high | 7;
  }
}

function flag(dice: Dice, probability: number): number {
  return Number(dice.chance(probability));
}
