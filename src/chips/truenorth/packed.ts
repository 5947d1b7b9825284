import { planeOf, type RuleName, ruleBytes } from './chip-memory.ts';
import { type CoreContents, neurons } from './contents.ts';
import { groupsOfVector } from './core-tick.ts';

/** For each four bits, the bytes that have them as their lowest. */
const spread = Uint32Array.from({ length: 16 }, (_, bits) =>
  [0, 1, 2, 3].reduce((bytes, bit) => bytes + ((bits >> bit) & 1) * 2 ** (8 * bit), 0),
);

/**
 * Packs the crossbar as masks of lanes are made of it: of each half of a row, byte b has, from the highest bit down,
 * neurons b, 16 + b, 32 + b and so on.
 */
export function packCrossbar({ connections }: CoreContents, rows: Uint32Array): void {
  for (let word = 0; word < rows.length; word++) {
    const part = word % 4;
    const first = 16 * Math.floor(word / 4) + (part >> 1);
    let bytes = 0;
    for (let group = 0; group < groupsOfVector; group++) {
      const bits = ((connections[first + 2 * group] ?? 0) >> (4 * (part & 1))) & 15;
      bytes |= (spread[bits] ?? 0) << (groupsOfVector - 1 - group);
    }
    rows[word] = bytes;
  }
}

/** The rules of a core's neurons, and what they say about how potentials move. */
export interface Rules {
  /** Plane by plane, see `ruleNames`. */
  readonly planes: Int16Array;
  /** How much further from zero a potential may be after a tick without weights. */
  readonly drift: number;
  /** How far from zero a neuron may be that has been reset to a potential. */
  readonly least: number;
  /** Whether a neuron is reset, rather than its threshold subtracted. */
  readonly clears: boolean;
}

/** The rules of a core's neurons. */
export function packRules({ fields }: CoreContents): Rules {
  const planes = new Int16Array(ruleBytes / 2);
  let [leaks, thresholds, least] = [0, 0, 0];
  let clears = false;
  for (let neuron = 0; neuron < neurons; neuron++) {
    const of = (name: keyof typeof fields): number => fields[name][neuron] ?? 0;
    const set = (name: RuleName, value: number): void => {
      planes[planeOf(name) / 2 + neuron] = value;
    };
    const [leak, positive, negative] = [
      of('neurons.leak'),
      of('neurons.pos_threshold'),
      of('neurons.neg_threshold'),
    ];
    const [subtracts, reset] = [of('neurons.reset_mode') === 1, of('neurons.reset_potential')];
    set('leak', leak);
    set('above', positive - 1);
    set('below', Math.min(negative, positive));
    set('clears', subtracts ? 0 : -1);
    for (const [name, after] of [
      ['afterAbove', subtracts ? -positive : reset],
      ['afterBelow', subtracts ? -negative : -reset],
    ] as const) {
      set(name, after);
      set(`${name}Upper`, after >> 16);
    }
    leaks = Math.max(leaks, Math.abs(leak));
    // Beyond a threshold of its own sign, subtraction brings a potential nearer to zero.
    if (subtracts) thresholds = Math.max(thresholds, -positive, negative);
    else least = Math.max(least, Math.abs(reset));
    clears ||= !subtracts;
  }
  return { planes, drift: leaks + thresholds, least, clears };
}

/** The greatest of all magnitudes. */
export function greatest(values: ArrayLike<number>): number {
  let most = 0;
  for (let index = 0; index < values.length; index++) most = Math.max(most, Math.abs(values[index] ?? 0));
  return most;
}
