import type { Mesh } from 'plasticore/chips';
import { wordAt } from 'plasticore/chips';
import type { NetworkFigures } from './figures.ts';

/** The time that a packet takes from core to core if nothing is in its way. */
export function shortestFlight(
  { tileOf, x, y }: Mesh,
  { tileTime, hopTimeX, hopTimeY }: NetworkFigures,
  source: number,
  destination: number,
): number {
  const from = wordAt(tileOf, source);
  const to = wordAt(tileOf, destination);
  const alongX = Math.abs(wordAt(x, to) - wordAt(x, from));
  const alongY = Math.abs(wordAt(y, to) - wordAt(y, from));
  return alongX * hopTimeX + alongY * hopTimeY + tileTime;
}
