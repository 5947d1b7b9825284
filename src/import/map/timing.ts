import { misfit } from '../../nir/index.ts';
import { programLimits } from '../../program/index.ts';
import type { LinearMap } from './linear.ts';
import type { Delay } from './path.ts';
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

/**
 * The same network for a chip whose spikes arrive one step later: each stage lags a step behind its sources, and
 * shorter paths wait for longer ones. Each stage gives the same spikes, only later.
 *
 * @throws PlasticoreError `data`, with the node, if a cycle leaves no time for that
 */
export function pipelined(network: Network): Network {
  const { input, stages } = network;
  const depths = new Map([input, ...stages].map(({ name }) => [name, 0]));
  const depthOf = (name: string): number => depths.get(name) ?? 0;
  /** The least lag between a link's source and its target, in steps. */
  const least = ({ from, isLate }: Link): number => (from === input || isLate ? 0 : 1);
  for (let round = 0; ; round++) {
    const short = network.links.filter(
      (link) => depthOf(link.to.name) < depthOf(link.from.name) + least(link),
    );
    for (const link of short) depths.set(link.to.name, depthOf(link.from.name) + least(link));
    if (short.length === 0) break;
    if (round > stages.length)
      throw misfit(
        short[0]?.to.node ?? '',
        'it is in a cycle that takes a step, and each of its stages would take one',
      );
  }
  const links = network.links.map((link): Link => {
    const waits = depthOf(link.to.name) - depthOf(link.from.name) - least(link);
    return { ...link, isLate: link.from !== input, delay: longer(link, waits) };
  });
  return { ...network, links, depths };
}

function longer({ delay, to }: Link, waits: number): Delay {
  const within = (steps: number): number => {
    if (steps <= programLimits.delay) return steps;
    throw misfit(
      to.node,
      `spikes would have to wait ${steps} steps for others, ${programLimits.delay} at most`,
    );
  };
  if (typeof delay === 'number') return within(delay + waits);
  return { of: delay.of, steps: delay.steps.map((steps) => within(steps + waits)) };
}
