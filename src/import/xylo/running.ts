import { at } from '../../arrays/index.ts';
import { type Processor, presented } from '../../engine/index.ts';
import { countSpikes, type RunningLayer, type RunningNetwork } from '../check/index.ts';
import { trainOf } from '../input-train.ts';
import type { XyloImport } from './import.ts';

/** A network that runs on Xylo's neurons. */
export function runningOnXylo(core: Processor, imported: XyloImport): RunningNetwork {
  const { network, xylo, reals, readout } = imported;
  const { populations, fields } = core.image;
  const counts = populations.map(({ size }) => new Float64Array(size));
  const field = (name: string) => fields.findIndex((each) => each.name === name);
  const [layers, before] = [
    [...xylo.hidden, xylo.outputs],
    [...reals.hidden, reals.outputs],
  ];
  return {
    image: core.image,
    input: network.input,
    layers: layers.map(({ name, threshold }, place): RunningLayer => {
      const stage = network.stages.find((each) => each.name === name);
      if (stage === undefined) throw new Error(`no stage '${name}'`);
      const levels = at(before, place).threshold;
      const own = at(
        counts,
        populations.findIndex((population) => population.name === name),
      );
      const v = field(`${name}.v`);
      return {
        stage,
        isSpiking: true,
        ...(stage !== readout && { countBits: 5 }),
        depth: network.depths.get(name) ?? 0,
        number: (neuron) => neuron,
        inGraph: (neuron, stored) => (stored * at(levels, neuron)) / Math.max(1, at(threshold, neuron)),
        expected: (_neuron, potential) => potential,
        spikes: () => own,
        potentials: () => core.read(v),
      };
    }),
    present(data, sample, stepped) {
      const train = presented(core.image, trainOf({ network, entry: 'each step' }, data, sample));
      core.begin({ label: 0, learn: false, steps: train.steps, spikes: train });
      for (let step = 0; step < train.steps; step++) {
        countSpikes(core, core.step(), counts);
        stepped(step);
      }
      const answered = core.read(field(`${readout.name}.count`));
      return (neuron) => answered[neuron];
    },
  };
}
