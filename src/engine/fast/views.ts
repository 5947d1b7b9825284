import type { CoreImage } from '../../image/index.ts';
import { hostScalars } from '../../isa/index.ts';
import { roomForSpikes } from '../spike-address.ts';
import type { CoreModule } from './core-module.ts';

/** The parts of the linear memory that the host reads and writes. Made anew when the memory has grown. */
export interface CoreViews {
  readonly host: Int32Array;
  readonly event: Int32Array;
  /** Properties of the sample that conditions of lists test, as the memory map has them. */
  readonly sample: Int32Array;
  /** Address and number of the input's spikes of the current step. */
  readonly input: Int32Array;
  readonly parameters: Int32Array;
  readonly generators: Uint32Array;
  readonly counters: BigInt64Array;
  /** The same in halves, the lower one first. */
  readonly counterWords: Uint32Array;
  /** Addresses of emitted spikes, and how many there are. */
  readonly emitted: Uint32Array;
  readonly emittedCount: Int32Array;
}

export function viewsOf(buffer: ArrayBuffer, image: CoreImage, { map, counters }: CoreModule): CoreViews {
  return {
    host: new Int32Array(buffer, map.host, hostScalars.length),
    sample: new Int32Array(buffer, map.sample, 6),
    input: new Int32Array(buffer, map.input, 2),
    event: new Int32Array(buffer, map.event, image.eventScalars.length),
    parameters: new Int32Array(buffer, map.parameters, image.parameters.length),
    generators: new Uint32Array(buffer, map.generators, image.core.lanes),
    counters: new BigInt64Array(buffer, map.counters, counters.slots),
    counterWords: new Uint32Array(buffer, map.counters, 2 * counters.slots),
    emitted: new Uint32Array(buffer, map.emitted, roomForSpikes(image)),
    emittedCount: new Int32Array(buffer, map.emittedCount, 1),
  };
}
