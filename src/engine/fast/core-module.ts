import {
  busyCycles,
  byCoreCounter,
  type CoreImage,
  type Counters,
  noCounts,
  servedSpikes,
} from '../../image/index.ts';
import { at, numberAt, wordAt } from '../../text/index.ts';
import type { Probe } from '../core.ts';
import type { HookName } from './emit/events/fifo.ts';
import { writeModule } from './emit/events/module.ts';
import { type SpikeService, spikeService } from './plan/analysis/batch.ts';
import { unitsOfWork } from './plan/counters/counter-map.ts';
import { planKernels } from './plan/kernel-plan.ts';
import type { MemoryPlace } from './plan/memory/memory-map.ts';
import { type ModulePlan, planModule } from './plan/module-plan.ts';

/** The code of an image, and the decisions behind it. Any number of cores share it. */
export interface CoreModule extends ModulePlan {
  /** The generated module, for inspection. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly module: WebAssembly.Module;
}

const compiled = new WeakMap<CoreImage, Map<string, CoreModule>>();

/**
 * Generates and compiles the module of an image, once for each image, each set of hooks and each base.
 *
 * @param hooks the hooks of a probe that the code calls
 * @param options.isShared whether its memory is one that threads share
 * @param options.place where the core lies in a memory that it shares with other cores; one whose fields lie elsewhere
 *   is compiled alone
 */
export function compileModule(
  image: CoreImage,
  hooks: readonly HookName[] = [],
  { isShared = false, place }: { readonly isShared?: boolean; readonly place?: MemoryPlace | undefined } = {},
): CoreModule {
  if (place !== undefined && place.fields.size > 0) return makeModule(image, hooks, isShared, place);
  const key = `${hooks.join()}${isShared ? ' shared' : ''}${place === undefined ? '' : ` at ${place.base}`}`;
  const known = compiled.get(image) ?? new Map<string, CoreModule>();
  compiled.set(image, known);
  const made = known.get(key) ?? makeModule(image, hooks, isShared, place);
  known.set(key, made);
  return made;
}

function makeModule(
  image: CoreImage,
  hooks: readonly HookName[],
  isShared: boolean,
  place?: MemoryPlace,
): CoreModule {
  const plan = planModule(image, place);
  const bytes = writeModule(plan, hooks, isShared);
  return { ...plan, bytes, module: new WebAssembly.Module(bytes) };
}

/** How a kernel runs on the fast engine, for people. */
export interface KernelExecution {
  /** How its items are processed: in vectors of this many lanes of a type, or one by one. */
  readonly lanes: 'int16 x 8' | 'int32 x 4' | 'float32 x 4' | 'scalar';
  /** Why its vectors are no narrower or wider, or why there are none. */
  readonly reason: string;
  /** For a kernel that spikes run: whether each spike runs it, or those of a delivery together. */
  readonly spikes: SpikeService | undefined;
}

/** How the kernels of an image run on the fast engine, in their order. */
export function kernelExecutions(image: CoreImage): KernelExecution[] {
  const plans = planKernels(image);
  return plans.map((plan) => ({
    lanes: laneNames[plan.lanes],
    reason: plan.because,
    spikes: spikeService(image, plans, plan),
  }));
}

const laneNames = { i16x8: 'int16 x 8', i32x4: 'int32 x 4', f32x4: 'float32 x 4', one: 'scalar' } as const;

/** The functions that a module's code calls for a probe. */
export function hostHooks(image: CoreImage, probe: Probe) {
  /** An event is known by the list that it triggers. */
  const served = servedSpikes(image);
  return {
    began: (work: number, neuron: number) => probe.began?.(work, neuron),
    ended: (work: number) => probe.ended?.(work),
    spiked: (population: number, neuron: number) => probe.spiked?.(population, neuron),
    pushed: (trigger: number, neuron: number) => {
      const { population, spikes } = at(served, trigger);
      probe.pushed?.(population, neuron, spikes);
    },
    popped: (trigger: number, neuron: number) => {
      const { population, spikes } = at(served, trigger);
      probe.popped?.(population, neuron, spikes);
    },
    dropped: (population: number, neuron: number) => probe.dropped?.(population, neuron),
  } satisfies Record<HookName, unknown>;
}

/** The slots whose counts take cycles, and how many a count of each takes. */
interface SlotCycles {
  readonly slots: Uint32Array;
  readonly cycles: Float64Array;
}

const known = new WeakMap<CoreModule, SlotCycles>();

/** Computes cycles as a weighted sum of the slots in the linear memory: a core's cycles are linear in its counts. */
export class CycleMeter {
  readonly #priced: SlotCycles;

  constructor(module: CoreModule) {
    this.#priced = known.get(module) ?? pricedSlots(module);
    known.set(module, this.#priced);
  }

  /** @param words the slots, the lower half of each first: a BigInt is slow */
  cyclesOf(words: Uint32Array): number {
    const { slots, cycles } = this.#priced;
    let sum = 0;
    for (let place = 0; place < slots.length; place++) {
      const slot = wordAt(slots, place);
      sum += numberAt(cycles, place) * (wordAt(words, 2 * slot) + 2 ** 32 * wordAt(words, 2 * slot + 1));
    }
    return sum;
  }
}

function pricedSlots(module: CoreModule): SlotCycles {
  const weights = weightsOf(module);
  const slots = Uint32Array.from(weights.keys()).filter((slot) => weights[slot] !== 0);
  return { slots, cycles: Float64Array.from(slots, (slot) => numberAt(weights, slot)) };
}

/** The cycles of a single count in each slot. Kernels over segments have thousands, so each is priced by itself. */
function weightsOf({ image, counters }: CoreModule): Float64Array {
  const weights = new Float64Array(counters.slots);
  const none: Counters = noCounts(image);
  const cyclesWith = (some: Partial<Counters>): number => busyCycles({ ...none, ...some }, image.costs);
  byCoreCounter((name) => {
    weights[counters[name]] = cyclesWith({ [name]: 1 });
  });
  for (const [piece, units] of unitsOfWork(image, counters).entries())
    for (const [slot, count] of units) weights[slot] = cyclesWith({ work: none.work.with(piece, count) });
  return weights;
}
