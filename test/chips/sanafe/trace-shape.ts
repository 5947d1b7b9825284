import { Part } from 'plasticore/chips';
import type * as z from 'zod';
import { type SanafeTrace, sanafeParts } from './trace-parts.ts';

type Network = SanafeTrace['network'];
type Outputs = SanafeTrace['outputs'];

/** Recordings of SANA-FE on its model of Loihi: the schema of `sanafe-golden/1`. Steps count from 1. */
export const sanafeSchema = sanafeParts.superRefine(checkSanafeShape);

/** Checks that the parts of a recording fit together. Each part that does not is an issue at its path. */
function checkSanafeShape(trace: SanafeTrace, context: z.core.$RefinementCtx): void {
  const part = new Part(trace, context);
  const { steps, network } = trace;
  const { tiles, width, height, cores_per_tile } = trace.architecture.mesh;
  const { neurons, groups } = network;
  part
    .at('architecture')
    .at('mesh')
    .at('tiles')
    .expect(tiles === width * height, String(width * height));
  if (!checkGroups(part.at('network'))) return;
  const isInput = groups.flatMap(({ model, count }) => Array<boolean>(count).fill(model === 'input'));
  checkPlaces(part.at('network'), tiles * cores_per_tile);
  checkEdges(part.at('network'), isInput);

  part.at('inputs').length(steps, 'one for each step');
  part.at('outputs').at('spikes').length(steps, 'one for each step');
  for (const firing of part.at('inputs').items()) {
    firing.ascending(neurons, 'a neuron');
    for (const neuron of firing.items())
      if (isInput[neuron.value] !== true) neuron.issue(`neuron ${neuron.value} is no input`);
  }
  checkOutputs(part.at('outputs'), steps, neurons);
}

/** Groups follow each other. @returns whether they do not go on behind the last neuron */
function checkGroups(network: Part<Network>): boolean {
  const { neurons } = network.value;
  let behind = 0;
  for (const group of network.at('groups').items()) {
    const { first, count } = group.value;
    group.at('first').expect(first === behind, `${behind}, behind the group before`);
    behind = first + count;
    if (
      !group
        .at('count')
        .as(behind)
        .expect(behind <= neurons, `at most ${neurons} neurons in all`)
    )
      return false;
    if (group.value.model !== 'lif') continue;
    const { synapse, per_neuron } = group.value;
    for (const [, values] of group.as(group.value).at('per_neuron').entries())
      values.present()?.length(count, 'one for each neuron of the group');
    if ((synapse === undefined) === (per_neuron.synapse === undefined))
      group.issue('expected a synapse unit either for the group or for each of its neurons');
  }
  network
    .at('groups')
    .as(behind)
    .expect(behind === neurons, `${neurons} neurons in all`);
  return true;
}

/** Where neurons are, and the order of what is mapped and sent. */
function checkPlaces(network: Part<Network>, cores: number): void {
  const { neurons, mapping_order } = network.value;
  network.at('core').length(neurons, 'one for each neuron');
  network.at('core').allBelow(cores, 'a core');
  if (typeof mapping_order !== 'string') {
    const order = network.at('mapping_order').as(mapping_order);
    order.length(neurons, 'each neuron');
    order.allBelow(neurons, 'a neuron');
    order.distinct('neuron');
  }
  network.at('packet_core_order').allBelow(cores, 'a core');
  network.at('packet_core_order').distinct('core');
}

function checkEdges(network: Part<Network>, isInput: readonly boolean[]): void {
  const { neurons, core, packet_core_order } = network.value;
  const reached = new Set(packet_core_order);
  network.at('edges').length(neurons, 'one for each neuron');
  for (const edges of network.at('edges').items()) {
    const targets = edges.at(0);
    edges.at(1).length(targets.value.length, 'one for each target');
    targets.allBelow(neurons, 'a neuron');
    for (const target of targets.items()) {
      const neuron = target.value;
      if (isInput[neuron] === true) target.issue(`neuron ${neuron} is an input and takes no spikes`);
      const on = core[neuron];
      if (on !== undefined && !reached.has(on))
        target.issue(`neuron ${neuron} is on core ${on}, which is not in packet_core_order`);
    }
  }
}

function checkOutputs(outputs: Part<Outputs>, steps: number, neurons: number): void {
  for (const firing of outputs.at('spikes').items()) firing.ascending(neurons, 'a neuron');
  const { energy, sim_time, ...counters } = outputs.value.per_step;
  const perStep = outputs.at('per_step');
  for (const lists of [perStep.as(counters), perStep.at('energy'), perStep.at('sim_time')])
    for (const [, values] of lists.entries<readonly unknown[]>()) values.length(steps, 'one for each step');
  const range = outputs.at('potentials').at('neurons');
  const [first = 0, last = 0] = range.value.split('..').map(Number);
  if (first > last || last >= neurons)
    range.issue(`expected neurons below ${neurons}, found ${first}..${last}`);
  const afterStep = outputs.at('potentials').at('after_step').entries();
  for (const [, potentials] of afterStep) potentials.length(last - first + 1, 'one for each neuron');
  for (const [step, part] of [...afterStep, ...outputs.at('messages').at('step').entries<unknown>()])
    part.as(Number(step)).expect(Number(step) <= steps, `a step up to ${steps}`);
}
