import { at } from '../../arrays/index.ts';
import { layoutOf, Memory } from '../../image/index.ts';
import { allSteps, type CoreContext, gateSize, kernelNumber } from './context.ts';
import { indexBits, literal, vector } from './text.ts';

/** The bits that tell of each item of a gated field whether it is zero, kept beside the banks. */
export function gatesText(context: CoreContext): string[] {
  const { plan, image, widths, modules } = context;
  const memory = new Memory(image);
  return [
    '// ---- which items of gated fields are not zero',
    ...plan.gates.flatMap((index) => {
      const field = at(image.fields, index);
      const layout = layoutOf(image, field);
      const size = gateSize(context, index);
      const items = memory.access(image, field).readAll();
      const initial = Array.from({ length: size }, (_, item) =>
        item < items.length && items[item] !== 0 ? '1' : '0',
      );
      const name = `gate_${index}`;
      // Loops over tiles and words make a decoder; a place that is computed would make a shifter as long as the field.
      const own = `${name}[${name}_i * ${widths.lanes} +: ${widths.lanes}]`;
      const { firstWord, itemsPerWord, rows, wordsPerRow, bank } = layout;
      const itemBits = field.perWord ? 0 : layout.itemBits;
      const words = rows * wordsPerRow;
      const clears = allSteps(context).flatMap(({ step: { action, number } }) =>
        action.does === 'clear' && action.fields.includes(index) ? [number] : [],
      );
      const writers = modules.flatMap(({ name: module, plan: { index: kernel }, ports }) => {
        const has = (what: string): boolean =>
          ports.some(({ meaning }) => meaning.does === what && 'field' in meaning && meaning.field === index);
        const lines: string[] = [];
        if (has('gate-valid')) {
          lines.push(
            `if (kernel == ${kernelNumber(context, kernel)} & ${module}_gate${index}_valid)`,
            `  for (${name}_i = 0; ${name}_i < ${Math.floor(size / widths.lanes)}; ${name}_i = ${name}_i + 1)`,
            `    if (32'(${module}_gate${index}_tile) == ${name}_i) ${own} <= (${own} & ~${module}_gate${index}_lanes) | (${module}_gate${index}_set & ${module}_gate${index}_lanes);`,
          );
        }
        if (has('sum-gate-valid'))
          lines.push(
            `if (kernel == ${kernelNumber(context, kernel)} & ${module}_sum_gate${index}_valid) ${name}[${indexBits(Math.max(2, size))}'(row)] <= ${module}_sum_gate${index}_set;`,
          );
        return lines;
      });
      return [
        `// ${field.name}`,
        `reg ${vector(size)} ${name};`,
        `integer ${name}_i, ${name}_j;`,
        'always @(posedge clk)',
        `  if (rst) ${name} <= ${size}'b${initial.reverse().join('')};`,
        '  else begin',
        `    if (host_now & host_write & host_bank == ${literal(bank, context.hostBankBits)})`,
        `      for (${name}_i = 0; ${name}_i < ${words}; ${name}_i = ${name}_i + 1)`,
        `        if (32'(host_address) == ${firstWord} + ${name}_i)`,
        `          for (${name}_j = 0; ${name}_j < ${itemsPerWord}; ${name}_j = ${name}_j + 1)`,
        `            ${name}[${name}_i * ${itemsPerWord} + ${name}_j] <= |host_in[${name}_j * ${itemBits} + ${field.bitOffset} +: ${field.bits}];`,
        ...(clears.length === 0
          ? []
          : [
              `    if (state == CLEAR & (${clears.map((number) => `pc == ${literal(number, context.stepBits)}`).join(' | ')})) ${name} <= ${size}'d0;`,
            ]),
        ...writers.map((line) => `    ${line}`),
        '  end',
      ];
    }),
    '',
  ];
}
