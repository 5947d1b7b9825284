import type { LinearMap } from './linear.ts';
import type { Link, Network } from './stages.ts';

/**
 * The same network for a chip whose spikes arrive in the step that emits them. Delayed spikes enter with those of the
 * step before, so each delay is a step shorter; synapses without a delay become a separate link.
 */
export function inStep(network: Network): Network {
  return { ...network, links: network.links.flatMap((link) => timed(link, network)) };
}

function timed(link: Link, { input }: Network): Link[] {
  const { delay, map, from, isLate } = link;
  if (delay === 0 || from === input || isLate) return [link];
  if (typeof delay === 'number') return [{ ...link, isLate: true, delay: delay - 1 }];
  const { of, steps } = delay;
  const waits = (source: number, target: number) => (steps[of === 'from' ? source : target] ?? 0) > 0;
  const later = { ...link, isLate: true, delay: { of, steps: steps.map((count) => Math.max(0, count - 1)) } };
  if (steps.every((count) => count > 0)) return [later];
  const atOnce = partOf(map, (source, target) => !waits(source, target));
  return [
    { ...link, delay: 0, map: atOnce },
    { ...later, name: `${link.name}Later`, map: partOf(map, waits) },
  ];
}

/** The weights of the given pairs only. */
function partOf(map: LinearMap, isIn: (source: number, target: number) => boolean): LinearMap {
  return {
    sliding: undefined,
    rows() {
      const { starts, targets, weights } = map.rows();
      const keptStarts = new Uint32Array(starts.length);
      const keptTargets: number[] = [];
      const keptWeights: number[] = [];
      for (let source = 0; source + 1 < starts.length; source++) {
        for (let at = starts[source] ?? 0; at < (starts[source + 1] ?? 0); at++) {
          const target = targets[at] ?? 0;
          if (!isIn(source, target)) continue;
          keptTargets.push(target);
          keptWeights.push(weights[at] ?? 0);
        }
        keptStarts[source + 1] = keptTargets.length;
      }
      return {
        starts: keptStarts,
        targets: Uint32Array.from(keptTargets),
        weights: Float64Array.from(keptWeights),
      };
    },
  };
}
