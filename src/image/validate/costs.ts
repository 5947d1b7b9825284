import type { ProgramView } from '../image.ts';
import { expect } from './fault.ts';

/** Checks that there is a cost for each piece of work and each bank, and that every source of a figure is known. */
export function checkCosts({ costs, work, banks, core }: ProgramView): void {
  expect(
    costs.work.length === work.length,
    ['costs', 'work'],
    () => `expected ${work.length} pieces of work`,
  );
  expect(costs.banks.length === banks.length, ['costs', 'banks'], () => `expected ${banks.length} banks`);
  expect(
    costs.lanes === core.lanes,
    ['costs', 'lanes'],
    () => `expected ${core.lanes}, found ${costs.lanes}`,
  );
  for (const source of sourcesIn(costs)) {
    const isKnown = Object.hasOwn(costs.kinds, source) && Object.hasOwn(costs.intervals, source);
    expect(isKnown, ['costs'], () => `there is no source '${source}'`);
  }
}

function sourcesIn({
  work,
  banks,
  router,
  staticPower,
  clockPower,
  network,
  area,
}: ProgramView['costs']): string[] {
  const named = (figures: readonly { readonly source: string }[]) => figures.map(({ source }) => source);
  return [
    ...work.flatMap(({ perSlot, perRun, perPass, perScannedTile, stated }) => [
      ...named([...perSlot, ...perRun, ...perPass, ...perScannedTile]),
      ...(stated === undefined ? [] : [stated.source]),
    ]),
    ...[...banks, router].flatMap(({ sources }) => Object.values(sources)),
    ...named(banks.flatMap(({ wires }) => wires ?? [])),
    staticPower.source,
    ...(clockPower === undefined ? [] : [clockPower.source]),
    ...named(Object.values(network?.events ?? {})),
    ...Object.keys(area.bySource),
  ];
}
