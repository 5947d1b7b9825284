import { type Action, type CoreImage, kernelsIn, servedSpikes, spikeLists } from '../../../../image/index.ts';
import { domainNamed, eventScalars } from '../../../../isa/index.ts';
import { addToCounter, i32, ModuleBuilder, whileBelow } from '../../../../wasm/index.ts';
import { isBatchable } from '../../plan/analysis/batch.ts';
import type { KernelPlan } from '../../plan/kernel-plan.ts';
import type { ModulePlan } from '../../plan/module-plan.ts';
import type { ModuleContext } from '../body/context.ts';
import { type HookName, Hooks, StoredI32 } from './fifo.ts';
import { ListCode } from './lists.ts';
import { writeAdvances, writeExceeds, writeFinish } from './sample.ts';
import { type ServedSpikes, SpikeCode } from './spikes.ts';

/** The name under which a module exports what runs a named event, by index. */
export const triggerExport = (event: number): string => `trigger ${event}`;

/** The name under which a module exports what runs a named event for each neuron of a list, by index. */
export const triggerEachExport = (event: number): string => `trigger each ${event}`;

/** Pages of the largest memory. */
export const mostPages = 2 ** 16;

/** The neuron of lists that no neuron triggers. */
const noNeuron = -1;

/**
 * Writes the module of an image: its kernels, its lists and its FIFO. It exports `begin`, `step` and the triggers of
 * named events; the last two return how many spikes lie in the list of those emitted. `exceeds` and `finish` are for
 * samples whose spikes are known: see sample.ts.
 *
 * @param names the hooks of a probe that the code calls
 * @param isShared whether its memory is one that threads share
 */
export function writeModule(
  plan: ModulePlan,
  names: readonly HookName[],
  isShared = false,
): Uint8Array<ArrayBuffer> {
  const { image, kernels, map, counters, scratch } = plan;
  const module = new ModuleBuilder();
  const failNaN = module.importFunction('host', 'failNaN', { params: ['i32', 'i32', 'i32'], results: [] });
  const spill = module.importFunction('host', 'spill', { params: [], results: [] });
  const failSuspended = module.importFunction('host', 'failSuspended', { params: [], results: [] });
  const hooks = new Hooks(module, names);
  module.importMemory('host', 'memory', Math.ceil(scratch.size / 65536), isShared ? mostPages : undefined);

  const triggered = spikeLists(image.events);
  const served = declareServed(module, image, kernels, triggered, hooks);
  const spikes = new SpikeCode(module, image, map, counters, served, hooks, {
    spill,
    failSuspended,
  });
  const advances = writeAdvances(module, image, map);
  const context: ModuleContext = { ...plan, emit: spikes.emit, failNaN, advances };
  const lists = new ListCode(context, spikes, hooks);

  for (const [trigger, handle] of served.one.entries())
    module.define(handle, (f, neuron) => lists.write(f, triggered[trigger] ?? [], neuron));
  for (const [trigger, handle] of served.batch.entries()) {
    if (handle === undefined) continue;
    module.define(handle, (f, first, neurons) =>
      lists.writeBatch(f, triggered[trigger] ?? [], { first, count: neurons }),
    );
  }
  spikes.define(module);
  const begin = module.function('begin', { params: [], results: [] }, (f) => {
    const isReplay = new StoredI32(map.sample + 8);
    f.if(isReplay.value().isZero(), () => addToCounter(f, map.counters + 8 * counters.samples, 1));
    spikes.startSample(f);
    lists.write(f, image.events.sample, f.keep(i32.const(noNeuron)));
  });
  const step = module.function('step', { params: [], results: ['i32'] }, (f) => {
    addToCounter(f, map.counters + 8 * counters.steps, 1);
    spikes.startStep(f);
    lists.write(f, image.events.tick, f.keep(i32.const(noNeuron)));
    f.return(spikes.emittedCount());
  });
  module.export('exceeds', writeExceeds(module));
  module.export('finish', writeFinish(module, map, step));
  module.export('begin', begin);
  module.export('step', step);
  for (const [index, { name, actions }] of image.events.named.entries()) {
    const trigger = module.function(`event ${name}`, { params: [], results: ['i32'] }, (f) => {
      spikes.startTrigger(f);
      const first = map.event + 4 * eventScalars.indexOf('neuron');
      const neuron = f.keep(i32.load(0, first));
      const given = keepsSpikes(actions) && { first: f.keep(i32.const(first)), count: f.keep(i32.const(1)) };
      lists.write(f, actions, neuron, given || undefined);
      f.return(spikes.emittedCount());
    });
    module.export(triggerExport(index), trigger);
    if (!takesNeuron(image, actions) && !keepsSpikes(actions)) continue;
    const isBatch = !hooks.isAny && isBatchable(image, kernels, actions) && !readsEvent(image, actions);
    const each = module.function(
      `each event ${name}`,
      { params: ['i32', 'i32'], results: ['i32'] },
      (f, first, neurons) => {
        spikes.startTrigger(f);
        if (isBatch) lists.writeBatch(f, actions, { first, count: neurons });
        else if (keepsSpikes(actions))
          lists.write(f, actions, f.keep(i32.const(noNeuron)), { first, count: neurons });
        else {
          const next = f.keep(first);
          const end = f.keep(first.plus(neurons.shiftLeft(2)));
          whileBelow(f, next, end, 4, () => {
            const neuron = f.keep(i32.load(next));
            f.do(i32.store(0, neuron, map.event + 4 * eventScalars.indexOf('neuron')));
            lists.write(f, actions, neuron);
          });
        }
        f.return(spikes.emittedCount());
      },
    );
    module.export(triggerEachExport(index), each);
  }
  return module.toBytes();
}

/** The functions that spikes trigger. A probe needs each event separately, so it gets no batches. */
function declareServed(
  module: ModuleBuilder,
  image: CoreImage,
  kernels: readonly KernelPlan[],
  triggered: readonly (readonly Action[])[],
  hooks: Hooks,
): ServedSpikes {
  const names = servedSpikes(image).map(({ population, spikes }) => {
    const { name = '' } = image.populations[population] ?? {};
    const kind = spikes === 'emitted' ? '' : spikes === 'previous' ? 'previous ' : `${spikes} steps old `;
    return (what: string) => `${kind}${what} of ${name}`;
  });
  return {
    one: names.map((named) => module.declare(named('spike'), { params: ['i32'], results: [] })),
    batch: names.map((named, trigger) =>
      !hooks.isAny && isBatchable(image, kernels, triggered[trigger] ?? [])
        ? module.declare(named('spikes'), { params: ['i32', 'i32'], results: [] })
        : undefined,
    ),
  };
}

/** Whether a list keeps the spikes of the neurons that its event gives; then it does nothing else. */
function keepsSpikes(actions: readonly Action[]): boolean {
  return actions.some(({ does }) => does === 'keep');
}

/** Whether a list runs a kernel over the neuron, or the row, that its event names. */
function takesNeuron(image: CoreImage, actions: readonly Action[]): boolean {
  return kernelsIn(actions).some((index) => {
    const { domain } = image.kernels[index] ?? {};
    return domain !== undefined && domainNamed(domain).needsEvent;
  });
}

/** Whether a list runs a kernel that reads a scalar of its event. */
function readsEvent(image: CoreImage, actions: readonly Action[]): boolean {
  return kernelsIn(actions).some((index) =>
    image.kernels[index]?.code.some(({ operands }) =>
      operands.some((operand) => operand.is === 'event' && operand.scalar < eventScalars.length),
    ),
  );
}
