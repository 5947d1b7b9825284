import { at } from '../../arrays/index.ts';
import { type Field, layoutOf, Memory } from '../../image/index.ts';
import { fieldIn } from '../plan/pipelines.ts';
import { allSteps, type CoreContext, gateNumber, gateSize, kernelNumber } from './context.ts';
import { depthOf, type Gate, type GateWrite, partsOf } from './gate.ts';
import { gateMemoryText } from './gate-memory.ts';
import { commentLine, indexBits, literal, vector } from './text.ts';

/** Where a memory has fewer tiles, registers take less. */
const leastTiles = 4;

/**
 * The bits that tell of each item of a gated field whether it is zero, kept beside the banks. A cycle after `scan_gate`
 * and `scan_place` have told the gate and the tile, one source shows them.
 */
export function gatesText(context: CoreContext): string[] {
  const { plan, widths } = context;
  return [
    '// ---- which items of gated fields are not zero',
    ...plan.gates.flatMap((index) => {
      const gate = gateOf(context, index);
      const items = itemsOf(context, gate.field);
      return fitsMemory(gate, items, widths.lanes)
        ? gateMemoryText(context, gate)
        : registersText(context, gate, items);
    }),
    '',
  ];
}

/** The states of a gate: the lanes that it has read, and whether they are those of the scan. */
export interface GateSource {
  readonly read: string;
  readonly shown: string;
}

/** The words and bits of the memories of all gates that are in memories. */
export function gateMemories(context: CoreContext): { readonly words: number; readonly wordBits: number }[] {
  const { lanes } = context.widths;
  return context.plan.gates.flatMap((index) => {
    const gate = gateOf(context, index);
    if (!fitsMemory(gate, itemsOf(context, gate.field), lanes)) return [];
    const words = depthOf(gate, lanes);
    return Array.from({ length: partsOf(gate, lanes) }, () => ({ words, wordBits: lanes }));
  });
}

/** The sources of a gate. */
export function gateSources(context: CoreContext, index: number): GateSource[] {
  const gate = gateOf(context, index);
  const { name } = gate;
  return fitsMemory(gate, itemsOf(context, gate.field), context.widths.lanes)
    ? Array.from({ length: partsOf(gate, context.widths.lanes) }, (_, part) => ({
        read: `${name}_${part}_read`,
        shown: `${name}_${part}_shown`,
      }))
    : [{ read: `${name}_read`, shown: `${name}_shown` }];
}

function itemsOf({ image }: CoreContext, field: Field): number[] {
  return [...new Memory(image).access(image, field).readAll()];
}

/** Whether the bits of a gate can be kept in memories: their tiles divide words, or words divide tiles. */
function fitsMemory({ layout, field, writes, size }: Gate, items: readonly number[], lanes: number): boolean {
  const { itemsPerWord, rows } = layout;
  const parts = partsOf({ layout }, lanes);
  const isAligned = Number.isInteger(Math.log2(parts)) && (parts > 1 || lanes % itemsPerWord === 0);
  const isPlain = rows === 1 && !field.perWord && items.every((item) => item === 0);
  const isWrittenOnce = new Set(writes.map(({ runs }) => runs)).size === writes.length;
  return isAligned && isPlain && isWrittenOnce && size >= leastTiles * lanes * parts;
}

function gateOf(context: CoreContext, index: number): Gate {
  const { image, stepBits } = context;
  const field = at(image.fields, index);
  const clears = allSteps(context).flatMap(({ step: { action, number } }) =>
    action.does === 'clear' && action.fields.includes(index) ? [`pc == ${literal(number, stepBits)}`] : [],
  );
  return {
    index,
    field,
    layout: layoutOf(image, field),
    name: `gate_${index}`,
    size: gateSize(context, index),
    clears,
    writes: writesOf(context, index),
  };
}

/** The writes of kernels into the bits of a field. */
function writesOf(context: CoreContext, index: number): GateWrite[] {
  return context.modules.flatMap(({ name: module, kernels, ports }) =>
    kernels.flatMap((kernel) => {
      const runs = `kernel == ${kernelNumber(context, kernel.index)}`;
      return (['gate-valid', 'sum-gate-valid'] as const).flatMap((what): GateWrite[] => {
        // Ports are named by the fields of the first kernel that shares the pipeline.
        const found = ports.find(
          ({ meaning }) => meaning.does === what && fieldIn(kernel, at(kernels, 0), meaning.field) === index,
        );
        if (found === undefined) return [];
        const of = what === 'gate-valid' ? 'tile' : 'row';
        return [{ runs, of, ports: `${module}_${found.name.replace(/_valid$/, '')}` }];
      });
    }),
  );
}

/** A gate in registers, each of which is written by itself. */
function registersText(context: CoreContext, gate: Gate, items: readonly number[]): string[] {
  const { widths, hostBankBits } = context;
  const { lanes } = widths;
  const { name, size, field, layout, clears, writes } = gate;
  const { firstWord, itemsPerWord, rows, wordsPerRow, bank } = layout;
  const itemBits = field.perWord ? 0 : layout.itemBits;
  const initial = Array.from({ length: size }, (_, item) => (items[item] ? '1' : '0'));
  // Loops over tiles and words make a decoder; a place that is computed would make a shifter as long as the field.
  const own = `${name}[${name}_i * ${lanes} +: ${lanes}]`;
  const tiles = Math.floor(size / lanes);
  const bits = indexBits(size) - Math.log2(lanes);
  const place = lanes === 1 ? `${bits}'(scan_place)` : `{${bits}'(scan_place), ${Math.log2(lanes)}'d0}`;
  return [
    commentLine(field.name),
    `reg ${vector(size)} ${name};`,
    `reg ${vector(lanes)} ${name}_read;`,
    `reg ${name}_shown;`,
    `always @(posedge clk) ${name}_shown <= scan_gate == ${gateNumber(context, gate.index)};`,
    `integer ${name}_i, ${name}_j;`,
    `always @(posedge clk) ${name}_read <= ${name}[${bits <= 0 ? '0' : place} +: ${lanes}];`,
    'always @(posedge clk)',
    `  if (rst) ${name} <= ${size}'b${initial.reverse().join('')};`,
    '  else begin',
    `    if (host_now & host_write & host_bank == ${literal(bank, hostBankBits)})`,
    `      for (${name}_i = 0; ${name}_i < ${rows * wordsPerRow}; ${name}_i = ${name}_i + 1)`,
    `        if (32'(host_address) == ${firstWord} + ${name}_i)`,
    `          for (${name}_j = 0; ${name}_j < ${itemsPerWord}; ${name}_j = ${name}_j + 1)`,
    `            ${name}[${name}_i * ${itemsPerWord} + ${name}_j] <= |host_in[${name}_j * ${itemBits} + ${field.bitOffset} +: ${field.bits}];`,
    ...(clears.length === 0
      ? []
      : [`    if (state == CLEAR & (${clears.join(' | ')})) ${name} <= ${size}'d0;`]),
    ...writes.flatMap(({ runs, of, ports }) =>
      of === 'row'
        ? [
            `    if (${runs} & ${ports}_valid) ${name}[${indexBits(Math.max(2, size))}'(row)] <= ${ports}_set;`,
          ]
        : [
            `    if (${runs} & ${ports}_valid)`,
            `      for (${name}_i = 0; ${name}_i < ${tiles}; ${name}_i = ${name}_i + 1)`,
            `        if (32'(${ports}_tile) == ${name}_i) ${own} <= (${own} & ~${ports}_lanes) | (${ports}_set & ${ports}_lanes);`,
          ],
    ),
    '  end',
  ];
}
