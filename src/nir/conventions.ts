import type { NirGraph } from './graph.ts';

/**
 * Conventions that a file of NIR does not state: how its equations become steps. Each framework that writes such
 * files has its own way, and a wrong guess can turn 98 % of right answers into 10 %.
 */
export interface Conventions {
  /** Time of a step, in the unit of the file's time constants. */
  readonly dt: number;
  /**
   * How a potential leaks: `euler` by dt/tau of its distance from v_leak, where the input has the gain r dt/tau;
   * `exponential` to exp(-dt/tau) of itself, where the input is added as it is.
   */
  readonly leak: 'euler' | 'exponential';
  /** Whether, with an exponential leak, the input of a LIF is scaled by 1 - exp(-dt/tau). */
  readonly normalised: boolean;
  /**
   * How a synaptic current takes its input: `euler` by dt/tau_syn of its distance from w_in times the input; `jump` by
   * the whole input, and it leaks after the membrane has seen it; `leaking-jump` by the whole input, and it leaks
   * before.
   */
  readonly current: 'euler' | 'jump' | 'leaking-jump';
  /**
   * When a neuron fires: `above` its threshold, where it `reaches` it, or once for each threshold that its potential
   * holds (`each`).
   */
  readonly fires: 'above' | 'reaches' | 'each';
  /**
   * The effect of a spike on the potential: sets it to v_reset (`value`), subtracts the threshold (`subtract`), or
   * does so in the step after (`subtract-late`, `zero-late`).
   */
  readonly reset: 'value' | 'subtract' | 'subtract-late' | 'zero-late';
  /** Where potentials start: at zero, at v_leak, or at v_reset. */
  readonly start: 'zero' | 'leak' | 'reset';
  /** Exceptions for single neurons, by node: a framework may write layers of several kinds into one file. */
  readonly nodes?: ReadonlyMap<string, Partial<NodeConventions>> | undefined;
}

/** The conventions that may differ from node to node. */
export type NodeConventions = Omit<Conventions, 'nodes'>;

/** The conventions for a node. */
export function conventionsAt({ nodes, ...all }: Conventions, node: string): NodeConventions {
  return { ...all, ...nodes?.get(node) };
}

const strict: Conventions = {
  dt: 1e-4,
  leak: 'euler',
  normalised: false,
  current: 'euler',
  fires: 'above',
  reset: 'value',
  start: 'zero',
};

/**
 * The conventions of frameworks, as they were when they wrote the recordings that the tests replay. `strict` takes
 * NIR's equations at their word: one step of forward Euler, and v_reset in the step of the spike.
 *
 * - snntorch: the reset by subtraction acts in the next step; for `reset_mechanism="zero"` use reset `zero-late`.
 * - norse: LIFBoxCell is strict; LIFCell lets the current jump.
 * - sinabs: tau is in steps; several spikes a step.
 * - rockpool: currents jump and leak at once; several spikes a step; gains in the file are not used.
 * - spikingjelly: fires at its threshold, starts at v_reset.
 * - lava: files of lava-dl, which state decays in steps.
 */
export const conventions = {
  strict,
  snntorch: { ...strict, reset: 'subtract-late' },
  norse: { ...strict, dt: 1e-3, current: 'jump', start: 'leak' },
  sinabs: { ...strict, dt: 1, leak: 'exponential', normalised: true, fires: 'each', reset: 'subtract' },
  rockpool: {
    ...strict,
    dt: 1e-3,
    leak: 'exponential',
    current: 'leaking-jump',
    fires: 'each',
    reset: 'subtract',
  },
  spikingjelly: { ...strict, fires: 'reaches', start: 'reset' },
  lava: { ...strict, dt: 1 },
} as const satisfies Readonly<Record<string, Conventions>>;

export type Framework = keyof typeof conventions;

/** The frameworks that write files of NIR, or whose own files become a graph. */
export const frameworks = Object.keys(conventions).filter((name): name is Framework => name in conventions);

/** Time constants of what forward Euler lets leak, by the name of their parameter. */
const leaking = ['tau', 'tau_mem', 'tau_syn'] as const;

/**
 * Notes where a time step is too long for a node's time constants: with forward Euler, the leak overshoots or diverges.
 */
export function stepNotes({ nodes }: NirGraph, all: Conventions): string[] {
  return [...nodes].flatMap(([name, { parameters }]) => {
    const rules = conventionsAt(all, name);
    const { dt } = rules;
    return leaking.flatMap((parameter) => {
      const isEuler = parameter === 'tau_syn' ? rules.current !== 'leaking-jump' : rules.leak === 'euler';
      const shortest = parameters
        .get(parameter)
        ?.values.reduce((least, time) => Math.min(least, time), Infinity);
      if (!isEuler || shortest === undefined || dt <= shortest) return [];
      const what = dt > 2 * shortest ? 'what leaks grows without end' : 'what leaks overshoots its rest';
      return [`node '${name}': a step of ${dt} is longer than its ${parameter} of ${shortest}: ${what}`];
    });
  });
}
