import type { Core } from '../api.ts';
import { type OdinConfig, OdinController } from './controller.ts';
import { OdinRecording, odinStart } from './record.ts';
import { type OdinTrace, odinFormat } from './trace.ts';

/** ODIN's controller on a core, and what writes down what it does. */
export class RecordableOdin {
  readonly chip: OdinController;
  readonly #config: OdinConfig;

  /** @param spiked called with each neuron that spikes */
  constructor(core: Core, config: OdinConfig, spiked: (neuron: number) => void) {
    this.#config = config;
    this.chip = new OdinController(core, config, { spike: (_, neuron) => spiked(neuron) });
  }

  /** Writes down what the chip does from its start on. The function that it returns gives the trace. */
  record({ name, description }: Pick<OdinTrace, 'description' | 'name'>): () => OdinTrace {
    const { chip } = this;
    const { core } = chip;
    if (chip.cycle > 0) throw new Error('a recording begins with the chip');
    const start = odinStart(core, this.#config);
    const recording = new OdinRecording();
    chip.observe({
      operation: (...operation) => recording.operation(...operation),
      event: (...event) => recording.event(...event),
      spike: (...spike) => recording.spike(...spike),
    });
    return () => {
      chip.drain();
      const { events } = recording;
      const expected = recording.expected(start, chip);
      const { seed } = core.image;
      return { format: odinFormat, name, description, generator_seed: seed, ...start, events, expected };
    };
  }
}
