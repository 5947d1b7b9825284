import type * as z from 'zod';
import { checkLength } from '../../text/index.ts';
import type { SanafeTrace } from './trace-parts.ts';

type Path = readonly (string | number)[];
type BySteps = Readonly<Record<string, readonly unknown[]>>;

/** Checks that the parts of a recording of SANA-FE fit together. Each part that does not is an issue at its path. */
export function checkSanafeShape(trace: SanafeTrace, context: z.core.$RefinementCtx): void {
  const { steps, network, inputs, outputs, architecture } = trace;
  const { neurons, groups } = network;
  const { mesh } = architecture;
  const cores = mesh.tiles * mesh.cores_per_tile;
  if (mesh.tiles !== mesh.width * mesh.height)
    issue(['architecture', 'mesh', 'tiles'], `expected ${mesh.width * mesh.height}, found ${mesh.tiles}`);

  let behind = 0;
  const isInput: boolean[] = [];
  for (const [index, group] of groups.entries()) {
    const { first, count } = group;
    const path = ['network', 'groups', index];
    if (first !== behind)
      issue([...path, 'first'], `expected ${behind}, behind the group before, found ${first}`);
    behind = first + count;
    if (behind > neurons) {
      issue([...path, 'count'], `expected at most ${neurons} neurons in all, found ${behind}`);
      return;
    }
    if (group.model === 'lif') {
      const { synapse, per_neuron } = group;
      for (const [name, values = []] of Object.entries(per_neuron))
        length([...path, 'per_neuron', name], values, count, 'one for each neuron of the group');
      if ((synapse === undefined) === (per_neuron.synapse === undefined))
        issue(path, 'expected a synapse unit either for the group or for each of its neurons');
    }
    for (let i = 0; i < count; i++) isInput.push(group.model === 'input');
  }
  if (behind !== neurons) issue(['network', 'groups'], `expected ${neurons} neurons in all, found ${behind}`);

  length(['network', 'core'], network.core, neurons, 'one for each neuron');
  allBelow(['network', 'core'], network.core, cores, 'a core');
  if (typeof network.mapping_order !== 'string') {
    length(['network', 'mapping_order'], network.mapping_order, neurons, 'each neuron');
    allBelow(['network', 'mapping_order'], network.mapping_order, neurons, 'a neuron');
    distinct(['network', 'mapping_order'], network.mapping_order);
  }
  allBelow(['network', 'packet_core_order'], network.packet_core_order, cores, 'a core');
  distinct(['network', 'packet_core_order'], network.packet_core_order);
  const reached = new Set(network.packet_core_order);
  length(['network', 'edges'], network.edges, neurons, 'one for each neuron');
  for (const [source, [targets, weights]] of network.edges.entries()) {
    const path = ['network', 'edges', source];
    length([...path, 1], weights, targets.length, 'one for each target');
    allBelow([...path, 0], targets, neurons, 'a neuron');
    for (const [at, target] of targets.entries()) {
      if (isInput[target] === true)
        issue([...path, 0, at], `neuron ${target} is an input and takes no spikes`);
      const core = network.core[target];
      if (core !== undefined && !reached.has(core))
        issue([...path, 0, at], `neuron ${target} is on core ${core}, which is not in packet_core_order`);
    }
  }

  length(['inputs'], inputs, steps, 'one for each step');
  length(['outputs', 'spikes'], outputs.spikes, steps, 'one for each step');
  for (const [step, firing] of inputs.entries()) {
    ascending(['inputs', step], firing);
    for (const [at, neuron] of firing.entries())
      if (isInput[neuron] !== true) issue(['inputs', step, at], `neuron ${neuron} is no input`);
  }
  for (const [step, firing] of outputs.spikes.entries()) {
    ascending(['outputs', 'spikes', step], firing);
    allBelow(['outputs', 'spikes', step], firing, neurons, 'a neuron');
  }
  const { energy, sim_time, ...counters } = outputs.per_step;
  bySteps(['outputs', 'per_step'], counters);
  bySteps(['outputs', 'per_step', 'energy'], energy);
  bySteps(['outputs', 'per_step', 'sim_time'], sim_time);
  const [first = 0, last = 0] = outputs.potentials.neurons.split('..').map(Number);
  if (first > last || last >= neurons)
    issue(['outputs', 'potentials', 'neurons'], `expected neurons below ${neurons}, found ${first}..${last}`);
  for (const [step, potentials] of Object.entries(outputs.potentials.after_step)) {
    const path = ['outputs', 'potentials', 'after_step', step];
    isStep(path, step);
    length(path, potentials, last - first + 1, 'one for each neuron');
  }
  for (const step of Object.keys(outputs.messages.step)) isStep(['outputs', 'messages', 'step', step], step);

  function issue(path: Path, message: string): void {
    context.addIssue({ code: 'custom', path: [...path], message });
  }

  function length(path: Path, items: readonly unknown[], expectedLength: number, why: string): void {
    checkLength(context, path, items, expectedLength, why);
  }

  function bySteps(path: Path, lists: BySteps): void {
    for (const [name, values] of Object.entries(lists))
      length([...path, name], values, steps, 'one for each step');
  }

  function isStep(path: Path, step: string): void {
    if (Number(step) > steps) issue(path, `expected a step up to ${steps}, found ${step}`);
  }

  function allBelow(path: Path, values: readonly number[], limit: number, what: string): void {
    const at = values.findIndex((value) => value >= limit);
    if (at >= 0) issue([...path, at], `expected ${what} below ${limit}, found ${values[at]}`);
  }

  function distinct(path: Path, values: readonly number[]): void {
    if (new Set(values).size === values.length) return;
    const again = values.findIndex((value, at) => values.indexOf(value) < at);
    issue([...path, again], `expected each once, found ${values[again]} again`);
  }

  function ascending(path: Path, values: readonly number[]): void {
    const at = values.findIndex((value, index) => index > 0 && value <= (values[index - 1] ?? -1));
    if (at >= 0)
      issue([...path, at], `expected ascending neurons, found ${values[at]} after ${values[at - 1]}`);
  }
}
