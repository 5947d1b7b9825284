import { loadHwModel } from '../../src/hardware/index.ts';
import { type Override, PlasticoreError, type Resolve } from '../../src/text/index.ts';

/** A small hw-model in round numbers. */
export const tiny = `format: plasticore/hw-model/1
name: tiny
description: two lanes
technologyNm: 28
supplyV: 0.9
clockMhz: 100
arithmetic: integer
lanes: 2
datapathBits: 16
precision:
  weightBits: [4, 8]
  shadowBits: [8, 16]
  accumulatorBits: [16]
inferenceWeights: stored
columnGate: clock
sources:
  paper: {cite: A paper, kind: measured, checked: primary}
operations:
  integer:
    add: {unitsPerLane: 3, energyPj: {8: 1, 16: 2}, areaUm2: 10, source: paper}
    move: {unitsPerLane: 1, energyPj: {16: 1}, areaUm2: 5, source: paper}
banks:
  synapses: {capacityBits: 1024, wordBits: 32, ports: {shared: 1}, bitMask: false, readPj: 3, writePj: 4, leakUw: 1, areaUm2: 700, source: paper}
  neurons: {capacityBits: 512, wordBits: 16, ports: {read: 1, write: 2}, bitMask: true, readPj: 1, writePj: 2, leakUw: 0, areaUm2: 300, source: paper}
placement: {weight: synapses, shadow: synapses, state: neurons}
router: {fifoDepth: 8, whenFull: drop, pushPj: 1, popPj: 2, areaUm2: 40, source: paper}
overheads: {fillCycles: 0, kernelCycles: 1, rowCycles: 2, eventCycles: 3, source: paper}
staticPower: {powerUw: 9, source: paper}
control: {areaUm2: 50, source: paper}
`;

/** A text with one part replaced; the part has to be there exactly once. */
export function edit(text: string, part: string, replacement: string): string {
  if (text.split(part).length !== 2) throw new Error(`'${part}' is not there exactly once`);
  return text.replace(part, () => replacement);
}

/** Line and column, from 1, of the first character of a part that is there exactly once. */
export function placeOf(text: string, part: string): { line: number; column: number } {
  const pieces = text.split(part);
  if (pieces.length !== 2) throw new Error(`'${part}' is not there exactly once`);
  const before = (pieces[0] ?? '').split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** Resolves names of files in memory; a reference is the name of a file. */
export const files =
  (texts: Readonly<Record<string, string>>): Resolve =>
  (reference) => {
    const text = texts[reference];
    if (text === undefined) throw new PlasticoreError('file', `there is no file '${reference}'`);
    return { text, file: reference };
  };

/** Loads the file 'model.yaml' of which others may be part. */
export const load = (
  text: string,
  others: Readonly<Record<string, string>> = {},
  settings: readonly Override[] = [],
) => loadHwModel(text, 'model.yaml', files(others), settings);

export { failureOf as failure } from '../support/errors.ts';
