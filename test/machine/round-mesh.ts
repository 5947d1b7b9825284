import { edit, load } from '../hardware/tiny.ts';
import { roundCore } from '../support/core.ts';

/**
 * Four cores of `roundCore`, or another, on a mesh where everything costs one.
 *
 * @param packet a line on the packets of the chip, such as `  packet: {payloadBits: 8}\n`
 */
export const roundMesh = (packet = '', core = roundCore) =>
  load(
    edit(
      core,
      'staticPower:',
      `chip:
  mesh: {columns: 2, rows: 2, coresPerTile: 1, numbering: by-row}
${packet}  delivery: next
  costs: own
  costSets:
    own:
      send: {energyPj: 1, latencyNs: 1, source: guess}
      receive: {energyPj: 1, latencyNs: 1, source: guess}
      tile: {energyPj: 1, latencyNs: 1, source: guess}
      hop: {energyPj: {x: 1, y: 1}, latencyNs: {x: 1, y: 1}, source: guess}
      barrier: {latencyNs: {1: 1, 4: 1}, between: linear, energyPj: 0, source: guess}
staticPower:`,
    ),
  );

/** So many cores of `roundCore` in a row, which exchange spikes in phases, with the limits of the chip. */
export const rowInPhases = (columns: number, limits: string): string => `${roundCore}chip:
  mesh: {columns: ${columns}, rows: 1, coresPerTile: 1, numbering: by-row}
  delivery: phases
  limits: {${limits}, source: paper}
  costSets:
    round:
      send: {energyPj: 10, latencyNs: 4, source: paper}
      receive: {energyPj: 20, latencyNs: 8, source: paper}
      tile: {energyPj: 1, latencyNs: 2, source: paper}
      hop: {energyPj: {x: 3, y: 5}, latencyNs: {x: 7, y: 9}, source: paper}
      barrier: {latencyNs: {1: 100}, between: step, energyPj: 1000, source: paper}
`;
