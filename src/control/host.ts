import type { ModuleBuilder } from '../wasm/index.ts';
import type { Cores } from './door.ts';

/** Functions of the host that the code of a controller calls. */
export function importHost(module: ModuleBuilder, cores: Cores | undefined) {
  const of = (name: string, params: readonly ('i32' | 'f64')[], results: readonly ('i32' | 'f64')[] = []) =>
    module.importFunction('host', name, { params, results });
  return {
    /** (number of the fault, what was found) */
    fail: of('fail', ['i32', 'f64', 'f64']),
    /** (number of the read, core, item) */
    read: of('read', ['i32', 'i32', 'f64'], ['f64']),
    /** Has the spikes of a core's event at hand: (how many others are, core, count). */
    take: of('take', ['i32', 'i32', 'i32']),
    /** (how many others are at hand, place) */
    neuron: of('neuron', ['i32', 'i32'], ['i32']),
    carried: of('carried', ['i32', 'i32'], ['f64']),
    /** (core); cycles that its events have taken so far. */
    busy: of('busy', ['i32'], ['f64']),
    /** (number of the record, clock) */
    record: of('record', ['i32', 'f64']),
    /** An input begins, by its place, or ends (-1): (input, clock). */
    input: of('input', ['i32', 'f64']),
    /** (queue, how many entries come or go; 0 for one that is lost, clock) */
    queue: of('queue', ['i32', 'f64', 'f64']),
    /** What is recorded until `sort` is put in the order of the clock. */
    mark: of('mark', []),
    sort: of('sort', []),
    /** By event: (core), or nothing where there is one alone. Each returns how many spikes it emits. */
    events: (cores?.events ?? []).map((_, event) =>
      of(`event ${event}`, cores?.direct === undefined ? ['i32'] : [], ['i32']),
    ),
  };
}
