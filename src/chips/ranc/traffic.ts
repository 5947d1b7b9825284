import { addAt, at, type NetworkCounts } from '../api.ts';
import type { RancMesh } from './mesh.ts';
import { EE, fifosPerRouter, NN, SS, WW } from './topology.ts';

/** What is known of a run beside the writes into FIFOs; lists have an item for each router. */
interface Run {
  readonly columns: number;
  readonly psPerCycle: number;
  readonly cycles: number;
  /** The cycles that the slowest core of each tick took. */
  readonly slowestCycles: number;
  readonly ticks: number;
  /** Packets that left the chip. */
  readonly left: number;
  readonly busy: readonly number[];
  readonly sent: readonly number[];
  readonly received: readonly number[];
}

/** The FIFOs between routers, in the order of a mesh's directions: where their words go, and along which axis. */
const lanes = [
  { fifo: EE, dx: 1, dy: 0 },
  { fifo: WW, dx: -1, dy: 0 },
  { fifo: SS, dx: 0, dy: -1 },
  { fifo: NN, dx: 0, dy: 1 },
] as const;

/**
 * The traffic of a chip. Each word that is written into a FIFO between two routers is a hop; those that would leave
 * the grid stay where they are. Its time is that of the clock: ticks come when they come, and cores wait for them.
 */
export function rancTraffic(mesh: RancMesh, run: Run): NetworkCounts {
  const { columns, psPerCycle, cycles, slowestCycles, ticks, left, busy, sent, received } = run;
  const { routers } = mesh.topology;
  const rows = routers / columns;
  const loads = new Float64Array(4 * routers);
  const hops = { x: 0, y: 0 };
  for (let router = 0; router < routers; router++)
    for (const [direction, { fifo, dx, dy }] of lanes.entries()) {
      const [x, y] = [(router % columns) + dx, Math.floor(router / columns) + dy];
      if (x < 0 || x >= columns || y < 0 || y >= rows) continue;
      const words = at(mesh.writes, router * fifosPerRouter + fifo);
      addAt(loads, 4 * (x + y * columns) + direction, words);
      hops[dx === 0 ? 'y' : 'x'] += words;
    }
  const arrived = sum(received);
  return {
    timePs: cycles * psPerCycle,
    sendingPs: slowestCycles * psPerCycle,
    receivingPs: 0,
    linkPs: 0,
    barrierPs: (cycles - slowestCycles) * psPerCycle,
    barrier: ticks,
    send: sum(sent),
    receive: arrived,
    tile: arrived + left,
    values: 0,
    hopX: hops.x,
    hopY: hops.y,
    busyPs: busy.map((own) => own * psPerCycle),
    sent: [...sent],
    received: [...received],
    loads: [...loads],
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
