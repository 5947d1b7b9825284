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
