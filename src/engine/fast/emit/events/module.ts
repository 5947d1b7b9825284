import type { Action, Image } from '../../../../image/index.ts';
import { eventScalars, hostScalars } from '../../../../isa/index.ts';
import {
  call,
  count,
  i32,
  i32x4,
  ModuleBuilder,
  v128,
  vectorBytes,
  whileBelow,
} from '../../../../wasm/index.ts';
import { isBatchable } from '../../plan/analysis/batch.ts';
import type { KernelPlan } from '../../plan/kernel-plan.ts';
import type { ModulePlan } from '../../plan/module-plan.ts';
import type { ModuleContext } from '../body/context.ts';
import { writeAdvances } from './advances.ts';
import { type HookName, Hooks } from './hooks.ts';
import { ListCode } from './lists.ts';
import { type ServedSpikes, SpikeCode } from './spikes.ts';

/** The name under which a module exports what runs a named event, by index. */
export const triggerExport = (event: number): string => `trigger ${event}`;

/** The neuron of lists that no neuron triggers. */
const noNeuron = -1;

/**
 * Writes the module of an image: its kernels, its lists and its FIFO. It exports `begin`, `step` and the triggers of named
 * events; the last two return how many spikes lie in the list of those emitted. `reaches` checks the input's spikes.
 *
 * @param names the hooks of a probe that the code calls
 */
export function writeModule(plan: ModulePlan, names: readonly HookName[]): Uint8Array<ArrayBuffer> {
  const { image, kernels, map, counters, scratch } = plan;
  const module = new ModuleBuilder();
  const failNaN = module.importFunction('host', 'failNaN', { params: ['i32', 'i32', 'i32'], results: [] });
  const spill = module.importFunction('host', 'spill', { params: [], results: [] });
  const failSuspended = module.importFunction('host', 'failSuspended', { params: [], results: [] });
  const hooks = new Hooks(module, names);
  module.importMemory('host', 'memory', Math.ceil(scratch.size / 65536));

  const triggered = [...image.events.spike, ...image.events.previousSpike];
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
    count(f, map.counters + 8 * counters.samples, 1);
    spikes.startSample(f);
    lists.write(f, image.events.sample, f.keep(i32.const(noNeuron)));
  });
  const step = module.function('step', { params: [], results: ['i32'] }, (f) => {
    count(f, map.counters + 8 * counters.steps, 1);
    spikes.startStep(f);
    lists.write(f, image.events.tick, f.keep(i32.const(noNeuron)));
    f.return(spikes.emittedCount());
  });
  const reaches = module.function(
    'reaches',
    { params: ['i32', 'i32', 'i32'], results: ['i32'] },
    (f, next, end, size) => {
      const limit = f.keep(i32x4.splat(size));
      const found = f.local('v128');
      whileBelow(f, next, end, vectorBytes, () =>
        f.set(found, v128.or(found, i32x4.ge_u(v128.load(next), limit))),
      );
      f.return(v128.any_true(found));
    },
  );
  module.export('reaches', reaches);
  // All further steps of a sample whose spikes are known: a call from JavaScript takes longer than a small step.
  const finish = module.function(
    'finish',
    { params: ['i32', 'i32', 'i32', 'i32'], results: [] },
    (f, neurons, offsets, next, steps) => {
      const from = f.local('i32');
      whileBelow(f, next, steps, 1, () => {
        f.set(from, i32.load(offsets.plus(next.shiftLeft(2))));
        const to = i32.load(offsets.plus(next.shiftLeft(2)), 4);
        f.do(
          i32.store(0, next, map.host + 4 * hostScalars.indexOf('step')),
          i32.store(0, neurons.plus(from.shiftLeft(2)), map.input),
          i32.store(0, to.minus(from), map.input + 4),
        );
        f.drop(call(step));
      });
    },
  );
  module.export('finish', finish);
  module.export('begin', begin);
  module.export('step', step);
  for (const [index, { name, actions }] of image.events.named.entries()) {
    const trigger = module.function(`event ${name}`, { params: [], results: ['i32'] }, (f) => {
      spikes.startTrigger(f);
      const neuron = f.keep(i32.load(0, map.event + 4 * eventScalars.indexOf('neuron')));
      lists.write(f, actions, neuron);
      f.return(spikes.emittedCount());
    });
    module.export(triggerExport(index), trigger);
  }
  return module.toBytes();
}

/** The functions that spikes trigger. A probe is told of each event by itself, so that there are no batches. */
function declareServed(
  module: ModuleBuilder,
  image: Image,
  kernels: readonly KernelPlan[],
  triggered: readonly (readonly Action[])[],
  hooks: Hooks,
): ServedSpikes {
  const names = ['', 'previous '].flatMap((kind) =>
    image.populations.map(
      ({ name }) =>
        (what: string) =>
          `${kind}${what} of ${name}`,
    ),
  );
  return {
    one: names.map((named) => module.declare(named('spike'), { params: ['i32'], results: [] })),
    batch: names.map((named, trigger) =>
      !hooks.isAny && isBatchable(image, kernels, triggered[trigger] ?? [])
        ? module.declare(named('spikes'), { params: ['i32', 'i32'], results: [] })
        : undefined,
    ),
  };
}
