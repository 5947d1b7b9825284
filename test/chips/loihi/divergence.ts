import { type Divergence, largest } from 'plasticore/chips';
import { lastStepOf, type ModelExpectation } from './expectation.ts';
import type { LoihiNetwork } from './network.ts';
import { largestHeld } from './program.ts';
import type { CompartmentTrace, LifTrace } from './trace-parts.ts';
import { synapticWeight } from './weights.ts';

/**
 * The first difference in time between what was found and what a model states. Within a step, compartments come
 * in order, and of each the current, the voltage, the spike.
 *
 * @param found by layer
 * @param run where it happens: `run delayed, `, or nothing
 */
export function loihiDivergence(
  { model, layers }: ModelExpectation,
  network: LoihiNetwork,
  found: readonly CompartmentTrace[],
  run: string,
): Divergence | undefined {
  const lasts = layers.map((compartments) =>
    compartments.map((stated) => (stated === undefined ? -1 : lastStepOf(stated))),
  );
  const last = largest(lasts.flat());
  for (let step = 0; step <= last; step++) {
    for (const [layer, compartments] of layers.entries()) {
      for (const [at, stated] of compartments.entries()) {
        if (stated === undefined || step > (lasts[layer]?.[at] ?? -1)) continue;
        const { u, v, spikes } = found[layer] ?? { u: [], v: [], spikes: [] };
        const spike = (spiked: boolean | undefined): string => (spiked === true ? 'a spike' : 'none');
        for (const [what, want, have] of [
          ['current', stated.u[step], u[at]?.[step]],
          ['voltage', limited(stated.v[step]), v[at]?.[step]],
          ['spike', spike(stated.spikes.has(step)), spike(spikes[step]?.includes(at))],
        ] as const) {
          if (want === have) continue;
          return {
            when: `${run}step ${step}`,
            what: `${what} of ${network.layers[layer]?.nameOf(at)}`,
            expected: String(want),
            found: String(have),
            context: [
              model === 'common' ? 'in the common model' : `as ${model} computes`,
              ...before(step, stated),
            ],
          };
        }
      }
    }
  }
  return undefined;
}

/** A voltage as a register holds it. */
function limited(voltage = 0): number {
  return Math.min(Math.max(voltage, -largestHeld), largestHeld);
}

function before(
  step: number,
  { u, v }: { readonly u: readonly number[]; readonly v: readonly number[] },
): string[] {
  return step === 0 ? [] : [`before  current ${u[step - 1]}, voltage ${v[step - 1]}`];
}

/** The first weight that differs from what a model makes of its mantissa. */
export function weightDivergence({ rows }: LifTrace['weight_cases']): Divergence | undefined {
  for (const [at, [mode, bits, exp, mantissa, brian2loihi, lava, nengo_loihi]] of rows.entries()) {
    for (const [model, want] of Object.entries({ brian2loihi, lava, nengo_loihi })) {
      const have = weightOf(model);
      if (have === want) continue;
      return {
        when: `weight case ${at}`,
        what: `weight of ${model}`,
        expected: String(want),
        found: String(have),
        context: [`${mode}, ${bits} bits, exponent ${exp}, mantissa ${mantissa}`],
      };
    }

    function weightOf(model: string): number | null {
      const format = { mode, bits, exp };
      if (model === 'brian2loihi' || model === 'lava') return synapticWeight(format, mantissa, model);
      // The chip has no weights of 7 bits, and NengoLoihi refuses them.
      return bits === 7 ? null : synapticWeight(format, mantissa, 'nengo_loihi');
    }
  }
  return undefined;
}
