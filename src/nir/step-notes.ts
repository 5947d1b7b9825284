import { type Conventions, conventionsAt } from './conventions.ts';
import type { NirGraph } from './graph.ts';

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
