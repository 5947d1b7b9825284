import { operationNamed } from '../isa/index.ts';
import { emittingPopulation } from './accesses.ts';
import type { ProgramView } from './image.ts';
import { factsOf } from './kernel-facts.ts';
import type { Action, BoundKernel } from './lists.ts';

type Emitting = Pick<ProgramView, 'events' | 'kernels' | 'populations' | 'projections'>;

/** Populations whose spikes cause spikes of each other, so that serving one of them may never end. */
export interface SpikeLoop {
  /** Indices, in loop order. */
  readonly populations: readonly number[];
  /** Whether every spike in the loop causes at least one of the next population: the loop then never ends. */
  readonly isEndless: boolean;
}

/** A loop of spikes that serve each other within a step, preferably an endless one; undefined if there is none. */
export function spikeLoopOf(image: Emitting): SpikeLoop | undefined {
  const certain = loopIn(edgesOf(image, true));
  if (certain !== undefined) return { populations: certain, isEndless: true };
  const possible = loopIn(edgesOf(image, false));
  return possible === undefined ? undefined : { populations: possible, isEndless: false };
}

/**
 * For each population, the populations that its spikes make spike; with `certain`, only those that every spike makes
 * spike at once.
 */
function edgesOf(image: Emitting, certain: boolean): ReadonlySet<number>[] {
  return image.events.spike.map((actions) => {
    const kernels = kernelsIn(actions, certain).flatMap((index) => image.kernels[index] ?? []);
    const emitting = kernels.filter((kernel) =>
      certain ? alwaysEmits(image, kernel) : factsOf(kernel).emits,
    );
    return new Set(emitting.map((kernel) => emittingPopulation(image, kernel)));
  });
}

function loopIn(edges: readonly ReadonlySet<number>[]): number[] | undefined {
  for (const start of edges.keys()) {
    // The shortest way back, breadth first.
    const before = new Map<number, number>();
    const next = [start];
    for (const population of next) {
      for (const reached of edges[population] ?? []) {
        if (reached === start) return wayTo(population, start, before);
        if (before.has(reached)) continue;
        before.set(reached, population);
        next.push(reached);
      }
    }
  }
  return undefined;
}

function wayTo(last: number, start: number, before: ReadonlyMap<number, number>): number[] {
  const way = [last];
  for (let at = last; at !== start; ) {
    at = before.get(at) ?? start;
    way.unshift(at);
  }
  return way;
}

/** The kernels of a list; with `certain`, those that run regardless of step and state. */
function kernelsIn(actions: readonly Action[], certain: boolean): number[] {
  const found: number[] = [];
  for (const action of actions) {
    if (action.does === 'stop-unless-any' && certain) break;
    if (action.does === 'run') found.push(action.kernel);
    if (action.does === 'group' && !certain) found.push(...kernelsIn(action.actions, certain));
  }
  return found;
}

/** Whether every run of a kernel emits: it has an item and no gate, and the value it emits is never zero. */
function alwaysEmits(image: Emitting, kernel: BoundKernel): boolean {
  if (kernel.columnGate !== undefined || !hasItems(image, kernel)) return false;
  const line = kernel.code.findIndex(({ mnemonic }) => operationNamed(mnemonic).effect.does === 'emit');
  const source = kernel.code[line]?.operands[0];
  if (source?.is !== 'register') return false;
  const definition = kernel.code.slice(0, line).findLast(({ mnemonic, operands: [target] }) => {
    const isResult = operationNamed(mnemonic).operands[0] === 'result';
    return isResult && target?.is === 'register' && target.register === source.register;
  });
  const { low = 0, high = 0 } = definition ?? {};
  return low > 0 || high < 0;
}

function hasItems({ projections }: Emitting, { domain, projection, columns }: BoundKernel): boolean {
  if (domain === 'neurons' || domain === 'neuron') return true;
  const { segments } = projections[projection ?? -1] ?? {};
  if (domain !== 'row' || segments === undefined || columns !== undefined) return false;
  const { rowStart, length } = segments;
  return rowStart.every(
    (first, row) =>
      row === rowStart.length - 1 || length.slice(first, rowStart[row + 1]).some((count) => count > 0),
  );
}
