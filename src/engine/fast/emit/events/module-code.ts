import type { Action, Image } from '../../../../image/index.ts';
import { hostScalars } from '../../../../isa/index.ts';
import {
  addToCounter,
  type FunctionBuilder,
  type FunctionHandle,
  type Local,
  ModuleBuilder,
  whileLess,
} from '../../builder/index.ts';
import { isBatchable } from '../../plan/analysis/index.ts';
import type { CounterMap } from '../../plan/counters/index.ts';
import type { MemoryMap, ScratchMap } from '../../plan/memory/index.ts';
import type { ModuleContext } from '../body/index.ts';
import { writeAdvances } from './advance-code.ts';
import { EventCode, type ServedSpikes } from './event-code.ts';
import { ListCode, type SampleClock } from './list-code.ts';
import { NamedEventCode } from './named-events.ts';

const stepScalar = hostScalars.indexOf('step');

/**
 * Writes the module of an image: every kernel, the lists, the FIFO and the loop over a sample's steps, so that a
 * sample is one call. Exports `begin(learn, steps)`, `step(number)` and `sample(learn, steps)`.
 */
export function writeModule(
  image: Image,
  map: MemoryMap,
  counters: CounterMap,
  scratch: ScratchMap,
): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  const failNaN = module.importFunction('host', 'failNaN', { params: ['i32', 'i32', 'i32'], results: [] });
  const spill = module.importFunction('host', 'spill', { params: ['i32'], results: [] });
  module.importMemory('host', 'memory', { minimumPages: Math.ceil(scratch.size / 65536) });
  return new ModuleCode(module, image, map, counters, scratch, failNaN, spill).write();
}

class ModuleCode {
  readonly #module: ModuleBuilder;
  readonly #image: Image;
  readonly #map: MemoryMap;
  readonly #counters: CounterMap;
  readonly #clock: SampleClock;
  readonly #events: EventCode;
  readonly #named: NamedEventCode;
  readonly #served: ServedSpikes;
  /** What spikes trigger, by the trigger's number. */
  readonly #triggered: readonly (readonly Action[])[];
  readonly #lists: ListCode;

  constructor(
    module: ModuleBuilder,
    image: Image,
    map: MemoryMap,
    counters: CounterMap,
    scratch: ScratchMap,
    failNaN: FunctionHandle,
    spill: FunctionHandle,
  ) {
    this.#module = module;
    this.#image = image;
    this.#map = map;
    this.#counters = counters;
    this.#clock = {
      learn: module.global('i32', 0),
      step: module.global('i32', 0),
      steps: module.global('i32', 0),
    };
    const { spike, previousSpike } = image.events;
    this.#triggered = [...spike, ...previousSpike];
    const kinds = ['', 'previous '].flatMap((kind) =>
      image.populations.map(({ name }) => [kind, name] as const),
    );
    this.#served = {
      one: kinds.map(([kind, name]) =>
        module.declare(`${kind}spike of ${name}`, { params: ['i32'], results: [] }),
      ),
      batch: kinds.map(([kind, name], trigger) =>
        isBatchable(image, this.#triggered[trigger] ?? [])
          ? module.declare(`${kind}spikes of ${name}`, { params: ['i32', 'i32'], results: [] })
          : undefined,
      ),
    };
    this.#events = new EventCode(module, image, map, counters, this.#served, spill);
    this.#named = new NamedEventCode(module, image, map, counters);
    const context: ModuleContext = {
      image,
      map,
      counters,
      emit: image.core.controller === undefined ? this.#events.emit : this.#named.emit,
      failNaN,
      advances: writeAdvances(module, image, map),
      scratch: scratch.kernels,
    };
    this.#lists = new ListCode(context, this.#clock, this.#events);
  }

  write(): Uint8Array<ArrayBuffer> {
    const { events } = this.#image;
    for (const [trigger, actions] of this.#triggered.entries()) this.#defineSpikes(trigger, actions);
    this.#events.define(this.#module);
    this.#named.define(this.#module, (f, actions, neuron) => this.#lists.write(f, actions, neuron));
    const begin = this.#module.function('begin', { params: ['i32', 'i32'], results: [] }, (f) => {
      const [learn, steps] = f.params;
      if (learn === undefined || steps === undefined) return;
      f.get(learn);
      f.setGlobal(this.#clock.learn);
      f.get(steps);
      f.setGlobal(this.#clock.steps);
      this.#setStep(f, () => f.i32.const(0));
      this.#count(f, this.#counters.samples, 1);
      this.#events.startSample(f);
      this.#lists.write(f, events.sample, f.local('i32'));
    });
    const step = this.#module.function('step', { params: ['i32'], results: [] }, (f) => {
      const [number] = f.params;
      if (number === undefined) return;
      this.#setStep(f, () => f.get(number));
      this.#count(f, this.#counters.steps, 1);
      this.#events.startStep(f, number);
      this.#lists.write(f, events.tick, f.local('i32'));
    });
    const sample = this.#module.function('sample', { params: ['i32', 'i32'], results: [] }, (f) => {
      const [learn, steps] = f.params;
      if (learn === undefined || steps === undefined) return;
      f.get(learn);
      f.get(steps);
      f.call(begin);
      const number = f.local('i32');
      whileLess(f, number, steps, 1, () => {
        f.get(number);
        f.call(step);
      });
    });
    this.#module.export('begin', begin);
    this.#module.export('step', step);
    this.#module.export('sample', sample);
    return this.#module.toBytes();
  }

  #defineSpikes(trigger: number, actions: readonly Action[]): void {
    const { one, batch } = this.#served;
    const [ofOne, ofBatch] = [one[trigger], batch[trigger]];
    if (ofOne !== undefined) {
      this.#module.define(ofOne, (f) => {
        const [neuron] = f.params;
        if (neuron !== undefined) this.#lists.write(f, actions, neuron);
      });
    }
    if (ofBatch !== undefined) {
      this.#module.define(ofBatch, (f) => {
        const [first, count] = f.params;
        if (first !== undefined && count !== undefined) this.#lists.writeBatch(f, actions, { first, count });
      });
    }
  }

  #setStep(f: FunctionBuilder, put: () => void): void {
    put();
    f.setGlobal(this.#clock.step);
    f.i32.const(0);
    put();
    f.i32.store(this.#map.host + 4 * stepScalar);
  }

  #count(f: FunctionBuilder, slot: number, amount: number | Local): void {
    addToCounter(f, this.#map.counters + 8 * slot, amount);
  }
}
