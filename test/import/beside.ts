import { expect } from 'vitest';
import { neuronOf, type Processor, populationOf } from '../../src/engine/index.ts';
import { neuronIn, valueIn } from '../../src/image/index.ts';
import type { ImportedNetwork } from '../../src/import/index.ts';
import { storedPotential } from '../../src/import/map/stages.ts';
import { numbering } from '../../src/import/program/layout.ts';
import { type Conventions, NirNetwork } from '../../src/nir/index.ts';
import { Dice } from '../engine/random/dice.ts';

/** The worst case is that of one spike of an input in a step. */
const counts = [0, 0, 1];

/**
 * How far a potential may be from that in doubles after so many steps, as long as all spikes have been equal. In each
 * step
 * - each spike that comes brings a weight that was rounded to half of its unit, as often as it counts;
 * - the constant input, the threshold that is subtracted and the leak's product are rounded to half of a unit of the
 * potential;
 * - the factor of the leak is wrong by half of 2^-16 at most, times the potential.
 * A source that sends its potential is wrong itself, and what it sends is rounded.
 */
function boundsOf({ integers }: ImportedNetwork, steps: number): ReadonlyMap<string, number> {
  const bounds = new Map<string, number>();
  for (const { stage, scale, current } of integers.stages) {
    const unit = 2 ** -(1 + scale.potential);
    const currentUnit = current === undefined ? 0 : 2 ** -(1 + scale.current);
    let each = 4 * unit + 2 * currentUnit + scale.potentialRange * 2 ** -17 + scale.currentRange * 2 ** -17;
    for (const { link, weights } of integers.links) {
      if (link.to !== stage) continue;
      const source = integers.stages.find((other) => other.stage === link.from);
      const rounded = 2 ** -(1 + weights.scale) * link.from.size;
      if (source?.scale.given.is === 'value') {
        const sent = (bounds.get(link.from.name) ?? 0) + 2 ** -source.scale.given.scale;
        const most =
          [...weights.values].reduce((sum, weight) => sum + Math.abs(weight), 0) / 2 ** weights.scale;
        each += rounded * source.scale.potentialRange + most * sent + unit * link.from.size;
      } else each += rounded * (source?.scale.given.is === 'count' ? 15 : 1);
    }
    // A current adds up before it is added up.
    bounds.set(stage.name, each * steps * (current === undefined ? 1 : steps));
  }
  return bounds;
}

interface Step {
  readonly given: Float64Array;
  readonly v: Float64Array | undefined;
  readonly met: Float64Array | undefined;
}

/** What the core's populations emitted, by the numbers of the program. */
function emittedBy(core: Processor, count: number): ReadonlyMap<string, Map<number, number>> {
  const spikes = new Map(core.image.populations.map(({ name }) => [name, new Map<number, number>()]));
  for (const address of core.emitted.subarray(0, count)) {
    const population = core.image.populations[populationOf(address)];
    if (population === undefined) continue;
    const spike = neuronOf(address);
    const value = population.payload === undefined ? 1 : valueIn(population, spike);
    spikes.get(population.name)?.set(neuronIn(population, spike), value);
  }
  return spikes;
}

/**
 * Runs a graph in doubles and on the core with the same spikes. Returns in how many steps both agreed: in all, or until
 * a potential saturated, or was so near to its threshold that either side of it was right.
 */
export function agreeing(
  imported: ImportedNetwork,
  core: Processor,
  rules: Conventions,
  steps: number,
  seed: number,
): number {
  const { integers, graph } = imported;
  const { input, pictures, depths } = integers.network;
  const dice = new Dice(seed);
  const spikes = Uint8Array.from({ length: steps * input.size }, () => dice.pick(counts));
  const recorded = new Map<string, Step[]>();
  new NirNetwork(graph, rules).run(new Map([[input.node, spikes]]), steps, (node, _, given, v, state) => {
    const met = state && Float64Array.from(state.met);
    const step = { given: Float64Array.from(given), v: v && Float64Array.from(v), met };
    recorded.set(node, [...(recorded.get(node) ?? []), step]);
  });
  const bounds = boundsOf(imported, steps);
  const behind = Math.max(0, ...depths.values());
  const inputNumber = numbering(input, pictures);
  core.begin({ label: 0, learn: false, steps: steps + behind });
  for (let step = 0; step < steps + behind; step++) {
    const events: number[] = [];
    for (let neuron = 0; neuron < input.size && step < steps; neuron++)
      for (let count = spikes[step * input.size + neuron] ?? 0; count > 0; count--)
        events.push(inputNumber(neuron));
    core.receive(core.image.input, events);
    const emitted = emittedBy(core, core.step());
    for (const { stage, scale, threshold } of integers.stages) {
      const { name, node, model } = stage;
      const float = recorded.get(node)?.[step - (depths.get(name) ?? 0)];
      if (float === undefined || model === undefined) continue;
      const number = numbering(stage, pictures);
      const bound = bounds.get(name) ?? 0;
      if (threshold !== undefined) {
        for (const [neuron, count] of float.given.entries()) {
          const found = emitted.get(name)?.get(number(neuron)) ?? 0;
          if (found === count) continue;
          // More spikes than one can carry come a step later.
          if (scale.given.is === 'count' && found === 2 ** scale.given.bits - 1 && count > found) return step;
          const level = model.firing?.threshold[neuron] ?? 0;
          const met = (float.met?.[neuron] ?? level) / (model.unit[neuron] ?? 1);
          const nearest = scale.given.is === 'count' ? Math.max(1, Math.round(met)) : level;
          expect(Math.abs(met - nearest), `${name}[${neuron}] in step ${step}`).toBeLessThanOrEqual(bound);
          return step;
        }
      }
      const stored = core.read(core.image.fields.findIndex((field) => field.name === `${name}.v`));
      const v = float.v ?? (threshold === undefined ? float.given : undefined);
      for (const [neuron, potential] of v?.entries() ?? []) {
        const expected = storedPotential(model, neuron, potential, float.given[neuron] ?? 0);
        const whole = stored[number(neuron)] ?? 0;
        // Neurons that spike may have saturated before they leaked.
        if (threshold !== undefined && Math.abs(whole) >= 2 ** 22) return step;
        const found = whole * 2 ** -scale.potential;
        expect(Math.abs(found - expected), `${name}.v[${neuron}] in step ${step}`).toBeLessThanOrEqual(bound);
      }
    }
  }
  return steps;
}
