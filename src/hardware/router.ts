import type * as z from 'zod';
import { choice, key, strictObject, whole } from '../text/index.ts';
import { fifo } from './estimate/index.ts';
import type { Estimates } from './estimates.ts';
import type { Source, Sources } from './source.ts';
import { coreLimits, estimable, sourceOfStated } from './values.ts';

/** The FIFO of address events between populations. */
export interface Router {
  readonly fifoDepth: number;
  /** The fate of an address event when the FIFO is full. */
  readonly whenFull: 'drop' | 'stall';
  readonly pushPj: number;
  readonly popPj: number;
  readonly areaUm2: number;
  readonly sources: Readonly<Record<'pushPj' | 'popPj' | 'areaUm2', Source>>;
}

export const routerSection = strictObject({
  fifoDepth: key(
    whole('a number of events', 1, coreLimits.fifoDepth),
    'Address events that the FIFO holds.',
    64,
  ),
  whenFull: key(
    choice(['drop', 'stall']),
    'The fate of a spike when the FIFO is full. `drop`: it is lost and counted. `stall`: the core waits until there is room, and the wait is counted.',
  ),
  pushPj: key(
    estimable('pJ'),
    'Energy in pJ of pushing one event, or `auto`: [estimated](estimators/fifo.md) from depth, node and supply.',
    0.9606,
  ),
  popPj: key(estimable('pJ'), 'Energy in pJ of popping one event, or `auto`.', 0.9114),
  areaUm2: key(
    estimable('um2'),
    'Area of the router in µm², or `auto`, which is 0 on a hard-wired core: its control has the FIFO.',
    348.2,
  ),
  source: sourceOfStated,
});

/** The FIFO, as stated or estimated. */
export function readRouter(
  { source, fifoDepth, whenFull, ...figures }: z.infer<typeof routerSection>,
  hasFifoInControl: boolean,
  estimates: Estimates,
  sources: Sources,
): Router {
  const estimated = estimates.of(fifo, ['router'], {
    depth: estimates.input(fifoDepth, 'router', 'fifoDepth'),
  });
  const stated = () => sources.named(source, 'router');
  const pushPj = estimated.or('pushPj', figures.pushPj, stated);
  const popPj = estimated.or('popPj', figures.popPj, stated);
  const areaUm2 = estimated.or('areaUm2', figures.areaUm2, () => sources.named(source));
  return {
    fifoDepth,
    whenFull,
    pushPj: pushPj.value,
    popPj: popPj.value,
    // The cores behind the estimate of hard-wired control have their FIFO in it.
    areaUm2: hasFifoInControl ? 0 : areaUm2.value,
    sources: { pushPj: pushPj.source, popPj: popPj.source, areaUm2: areaUm2.source },
  };
}
