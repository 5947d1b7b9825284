import type { Counted, FullRate } from '../counted.ts';
import { chipAfter, recorded } from '../replayed.ts';
import { odinImage } from './model.ts';

/** Back-to-back spikes of neuron 0 onto neurons that never spike: one operation every two cycles. */
export function odinAtFullRate(events: number): Counted {
  const trace = recorded('odin-lif256');
  const [memory = {}] = trace.memories;
  const all = (value: number, count = 256): number[] => Array.from({ length: count }, () => value);
  const memories = [
    {
      ...memory,
      isOpen: [1],
      propagatesUnmapped: [1],
      'neurons.core': all(0),
      'neurons.thr': all(255),
      'neurons.disable': all(0),
      'synapses.w': all(0, 256 * 256),
      'synapses.map': all(0, 256 * 256),
    },
  ];
  const inputs = Array.from({ length: events }, (): [string, number, number] => ['event', 1, 7]);
  const chip = chipAfter({ ...trace, memories }, 'fast', [...inputs, ['drain']]);
  return { counters: chip.counters(), image: odinImage };
}

export const fullRate: FullRate = { publishedPj: 12.7, count: () => odinAtFullRate(2000) };
