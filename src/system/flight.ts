import type { Mesh } from '../hardware/index.ts';
import type { NetworkFigures } from './figures.ts';

/** The time that a packet takes from core to core if nothing is in its way. */
export function shortestFlight(
  { tileOf, x, y }: Mesh,
  { tileTime, hopTimeX, hopTimeY }: NetworkFigures,
  source: number,
  destination: number,
): number {
  const from = tileOf[source] ?? 0;
  const to = tileOf[destination] ?? 0;
  const alongX = Math.abs((x[to] ?? 0) - (x[from] ?? 0));
  const alongY = Math.abs((y[to] ?? 0) - (y[from] ?? 0));
  return alongX * hopTimeX + alongY * hopTimeY + tileTime;
}
