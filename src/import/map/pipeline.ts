import { misfit } from '../../nir/index.ts';
import { programLimits } from '../../program/index.ts';
import type { Delay } from './delay.ts';
import type { Link, Network } from './stages.ts';

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
