import { programLimits } from '../../program/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import type { Dynamics } from './dynamics.ts';
import type { Laboratory } from './laboratory.ts';

/** The effect of a spike through a projection. */
export interface SpikeEffect {
  /**
   * How much a weight of 1, or a synapse without weights, adds to the target's field for a spike, or for each unit of
   * the potential that it carries: a power of two, or a whole number.
   */
  readonly factor: number;
  /** The steps until it arrives. */
  readonly lag: number;
}

/**
 * Measures the effect of a spike through a projection. Meanwhile all its weights are equal, and those of other
 * projections zero.
 *
 * @param source undefined for the input
 * @throws PlasticoreError `data` if nothing arrives
 */
export function effectOf(
  lab: Laboratory,
  index: number,
  source: Dynamics | undefined,
  target: Dynamics,
): SpikeEffect {
  const { image } = lab.core;
  const projection = image.projections[index];
  if (projection === undefined) throw new Error(`no projection ${index}`);
  const { name, segments } = projection;
  const { rowStart } = segments;
  const neuron = rowStart.findIndex((start, at) => (rowStart[at + 1] ?? start) > start);
  const weightField = image.fields[lab.field(`${name}.weight`)];
  const weight = weightField === undefined ? 1 : 2 ** (weightField.bits - 2);
  lab.setWeights(name, weight);
  const silent = respond(lab, source, target, neuron, 0);
  const keptBySource = source?.sendsValues === true ? (source.kept[neuron] ?? 1) : 1;
  // A potential that is sent has to be large, but must not make the target spike or saturate.
  let sent = source?.sendsValues === true ? source.low : 1;
  let spiking = respond(lab, source, target, neuron, sent);
  // Spiking neurons leak after the input, others before.
  const seenBy = (at: number): number =>
    target.firing === undefined ? 1 : ((target.current?.kept ?? target.kept)[at] ?? 1);
  const isTooMuch = (value: number, at: number, step: number): boolean =>
    value - (silent[step]?.[at] ?? 0) > (seenBy(at) * target.low) / 2;
  while (
    sent >= 8 &&
    spiking.some((values, step) => values.some((value, at) => isTooMuch(value, at, step)))
  ) {
    sent /= 4;
    spiking = respond(lab, source, target, neuron, sent);
  }
  lab.setWeights(name, 0);
  // A spike changes the neuron itself.
  const isChanged = (value: number, at: number, step: number) =>
    value !== silent[step]?.[at] &&
    !(source === target && at === neuron && (step === 0 || source.firing?.reset === 'zero-late'));
  const lag = spiking.findIndex((values, step) => values.some((value, at) => isChanged(value, at, step)));
  if (lag < 0)
    throw new PlasticoreError(
      'data',
      `projection '${name}': a spike of neuron ${neuron} changes nothing that NIR has a name for`,
    );
  const changed = (spiking[lag] ?? new Float64Array()).map((value, at) => value - (silent[lag]?.[at] ?? 0));
  const at = changed.findIndex((_, place) => isChanged(spiking[lag]?.[place] ?? 0, place, lag));
  const seen = seenBy(at);
  const carried = source?.sendsValues === true ? sent * keptBySource : 1;
  const factor = (changed[at] ?? 0) / seen / weight / carried;
  return {
    factor: weightField === undefined ? Math.round(factor) : 2 ** Math.round(Math.log2(Math.abs(factor))),
    lag,
  };
}

/** The target's field after each step if a source neuron spikes in the first, or sends a potential; 0: none does. */
function respond(
  lab: Laboratory,
  source: Dynamics | undefined,
  target: Dynamics,
  neuron: number,
  sent: number,
): Float64Array[] {
  const { core } = lab;
  const quiet = (of: Dynamics) => new Float64Array(of.kept.length).fill(-of.low);
  const responses: Float64Array[] = [];
  lab.begin(target.field, target.gathers, ...(source === undefined ? [] : [source.field, source.gathers]));
  const steps = Math.min(lab.steps, programLimits.delay + 2);
  for (let step = 0; step < steps; step++) {
    core.write(target.field, quiet(target));
    core.write(target.gathers, quiet(target));
    if (source !== undefined && (source !== target || step === 0)) {
      const values = source.sendsValues ? new Float64Array(source.kept.length) : quiet(source);
      if (sent > 0 && step === 0) values[neuron] = source.firing?.least[neuron] ?? sent;
      if (source.gathers !== source.field) core.write(source.gathers, new Float64Array(source.kept.length));
      core.write(source.field, values);
    }
    if (source === undefined && sent > 0 && step === 0) core.receive(core.image.input, [neuron]);
    lab.step(target.population);
    responses.push(core.read(target.gathers));
  }
  return responses;
}
