import type { Action, Image } from '../../../../image/index.ts';
import { eventScalars } from '../../../../isa/index.ts';
import {
  addToCounter,
  type FunctionBuilder,
  type FunctionHandle,
  type Local,
  ModuleBuilder,
} from '../../builder/index.ts';
import type { CounterMap } from '../../plan/counters/index.ts';
import { isBatchable, planKernels } from '../../plan/index.ts';
import type { MemoryMap, ScratchMap } from '../../plan/memory/index.ts';
import type { ModuleContext } from '../body/index.ts';
import { writeAdvances } from './advance-code.ts';
import { EventCode, type ServedSpikes } from './event-code.ts';
import { ListCode } from './list-code.ts';
import { putCell } from './ring-code.ts';

/**
 * Writes the module of an image: every kernel, the lists and the FIFO. Exports `begin`, `step` and the triggers of named
 * events; the last two return how many spikes lie in the list of those emitted.
 */
export function writeModule(
  image: Image,
  map: MemoryMap,
  counters: CounterMap,
  scratch: ScratchMap,
): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  const failNaN = module.importFunction('host', 'failNaN', { params: ['i32', 'i32', 'i32'], results: [] });
  const spill = module.importFunction('host', 'spill', { params: [], results: [] });
  const failSuspended = module.importFunction('host', 'failSuspended', { params: [], results: [] });
  module.importMemory('host', 'memory', { minimumPages: Math.ceil(scratch.size / 65536) });
  return new ModuleCode(module, image, map, counters, scratch, { failNaN, spill, failSuspended }).write();
}

/** Functions of the host that the module calls. */
interface HostFunctions {
  /** (kernel, field, item): a NaN is about to be stored; does not return. */
  readonly failNaN: FunctionHandle;
  /** The list of emitted spikes is full. */
  readonly spill: FunctionHandle;
  /** Too many kernels wait for a place in the FIFO; does not return. */
  readonly failSuspended: FunctionHandle;
}

/** The name under which a module exports what runs a named event, by index. */
export const triggerExport = (event: number): string => `trigger ${event}`;

class ModuleCode {
  readonly #module: ModuleBuilder;
  readonly #image: Image;
  readonly #map: MemoryMap;
  readonly #counters: CounterMap;
  readonly #events: EventCode;
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
    { failNaN, spill, failSuspended }: HostFunctions,
  ) {
    this.#module = module;
    this.#image = image;
    this.#map = map;
    this.#counters = counters;
    const { spike, previousSpike } = image.events;
    this.#triggered = [...spike, ...previousSpike];
    const kinds = ['', 'previous '].flatMap((kind) =>
      image.populations.map(({ name }) => [kind, name] as const),
    );
    const kernels = planKernels(image);
    this.#served = {
      one: kinds.map(([kind, name]) =>
        module.declare(`${kind}spike of ${name}`, { params: ['i32'], results: [] }),
      ),
      batch: kinds.map(([kind, name], trigger) =>
        isBatchable(image, kernels, this.#triggered[trigger] ?? [])
          ? module.declare(`${kind}spikes of ${name}`, { params: ['i32', 'i32'], results: [] })
          : undefined,
      ),
    };
    this.#events = new EventCode(module, image, map, counters, this.#served, { spill, failSuspended });
    const context: ModuleContext = {
      image,
      kernels,
      map,
      counters,
      emit: this.#events.emit,
      failNaN,
      advances: writeAdvances(module, image, map),
      scratch: scratch.kernels,
    };
    this.#lists = new ListCode(context, this.#events);
  }

  write(): Uint8Array<ArrayBuffer> {
    const { events } = this.#image;
    for (const [trigger, actions] of this.#triggered.entries()) this.#defineSpikes(trigger, actions);
    this.#events.define(this.#module);
    const begin = this.#module.function('begin', { params: [], results: [] }, (f) => {
      this.#count(f, this.#counters.samples, 1);
      this.#events.startSample(f);
      this.#lists.write(f, events.sample, f.local('i32'));
    });
    const step = this.#module.function('step', { params: [], results: ['i32'] }, (f) => {
      this.#count(f, this.#counters.steps, 1);
      this.#events.startStep(f);
      this.#lists.write(f, events.tick, f.local('i32'));
      putCell(f, this.#map.emittedCount);
    });
    this.#module.export('begin', begin);
    this.#module.export('step', step);
    for (const [index, { actions }] of events.named.entries()) {
      const trigger = this.#module.function(triggerExport(index), { params: [], results: ['i32'] }, (f) => {
        this.#events.startTrigger(f);
        const neuron = f.local('i32');
        putCell(f, this.#map.event + 4 * eventScalars.indexOf('neuron'));
        f.set(neuron);
        this.#lists.write(f, actions, neuron);
        putCell(f, this.#map.emittedCount);
      });
      this.#module.export(triggerExport(index), trigger);
    }
    return this.#module.toBytes();
  }

  #defineSpikes(trigger: number, actions: readonly Action[]): void {
    const { one, batch } = this.#served;
    const [ofOne, ofBatch] = [one[trigger], batch[trigger]];
    if (ofOne !== undefined) {
      this.#module.define(ofOne, (f, neuron) => this.#lists.write(f, actions, neuron));
    }
    if (ofBatch !== undefined) {
      this.#module.define(ofBatch, (f, first, count) => this.#lists.writeBatch(f, actions, { first, count }));
    }
  }

  #count(f: FunctionBuilder, slot: number, amount: number | Local): void {
    addToCounter(f, this.#map.counters + 8 * slot, amount);
  }
}
