import type { CorePlan, GatePlan } from '../plan/core-plan.ts';
import { indexBits } from '../plan/widths.ts';
import { type CoreContext, kernelNumber } from './context.ts';
import { gateMemoryText } from './gate-memory.ts';
import { commentLine, literal, vector } from './text.ts';

/**
 * The bits that tell of each item of a gated field whether it is zero, kept beside the banks. A cycle after `scan_gate`
 * and `scan_place` have told the gate and the tile, one source shows them.
 */
export function gatesText(context: CoreContext): string[] {
  return [
    '// ---- which items of gated fields are not zero',
    ...context.plan.gates.flatMap((gate) =>
      gate.memory === undefined ? registersText(context, gate) : gateMemoryText(context, gate, gate.memory),
    ),
    '',
  ];
}

/** The words and bits of the memories of all gates that are in memories. */
export function gateMemories({
  gates,
  widths,
}: CorePlan): { readonly words: number; readonly wordBits: number }[] {
  return gates.flatMap(({ memory }) =>
    Array.from({ length: memory?.parts ?? 0 }, () => ({ words: memory?.depth ?? 0, wordBits: widths.lanes })),
  );
}

/** The sources of a gate: the lanes that each of them has read, and whether they are those of the scan. */
export function gateSources({
  index,
  memory,
}: GatePlan): { readonly read: string; readonly shown: string }[] {
  const names =
    memory === undefined
      ? [`gate_${index}`]
      : Array.from({ length: memory.parts }, (_, part) => `gate_${index}_${part}`);
  return names.map((name) => ({ read: `${name}_read`, shown: `${name}_shown` }));
}

/** A gate in registers, each of which is written by itself. */
function registersText(context: CoreContext, gate: GatePlan): string[] {
  const { lanes, gate: gateBits, hostBank, step } = context.widths;
  const { index, number, size, field, layout, initial, clears, writes } = gate;
  const name = `gate_${index}`;
  const { firstWord, itemsPerWord, rows, wordsPerRow, bank } = layout;
  const itemBits = field.perWord ? 0 : layout.itemBits;
  const set = Array.from({ length: size }, (_, item) => (initial[item] === true ? '1' : '0'));
  const cleared = clears.map((own) => `pc == ${literal(own, step)}`).join(' | ');
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
    `always @(posedge clk) ${name}_shown <= scan_gate == ${literal(number, gateBits)};`,
    `integer ${name}_i, ${name}_j;`,
    `always @(posedge clk) ${name}_read <= ${name}[${bits <= 0 ? '0' : place} +: ${lanes}];`,
    'always @(posedge clk)',
    `  if (rst) ${name} <= ${size}'b${set.reverse().join('')};`,
    '  else begin',
    `    if (host_now & host_write & host_bank == ${literal(bank, hostBank)})`,
    `      for (${name}_i = 0; ${name}_i < ${rows * wordsPerRow}; ${name}_i = ${name}_i + 1)`,
    `        if (32'(host_address) == ${firstWord} + ${name}_i)`,
    `          for (${name}_j = 0; ${name}_j < ${itemsPerWord}; ${name}_j = ${name}_j + 1)`,
    `            ${name}[${name}_i * ${itemsPerWord} + ${name}_j] <= |host_in[${name}_j * ${itemBits} + ${field.bitOffset} +: ${field.bits}];`,
    ...(clears.length === 0 ? [] : [`    if (state == CLEAR & (${cleared})) ${name} <= ${size}'d0;`]),
    ...writes.flatMap(({ kernel, of, ports }) => {
      const valid = `    if (kernel == ${kernelNumber(context, kernel)} & ${ports}_valid)`;
      return of === 'row'
        ? [`${valid} ${name}[${indexBits(Math.max(2, size))}'(row)] <= ${ports}_set;`]
        : [
            valid,
            `      for (${name}_i = 0; ${name}_i < ${tiles}; ${name}_i = ${name}_i + 1)`,
            `        if (32'(${ports}_tile) == ${name}_i) ${own} <= (${own} & ~${ports}_lanes) | (${ports}_set & ${ports}_lanes);`,
          ];
    }),
    '  end',
  ];
}
