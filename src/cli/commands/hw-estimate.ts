import {
  type Estimator,
  estimators,
  inputNames,
  intervalOf,
  outOfRange,
  type Quantity,
} from '../../hardware/index.ts';
import { table } from '../../report/node.ts';
import { option, PlasticoreError, suggest } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { jsonOption } from '../options.ts';
import type { Terminal } from '../terminal.ts';

const names = estimators.map(({ name }) => name);

export const hwEstimate = defineCommand({
  positionals: ['part'],
  options: {
    part: { type: 'string', demandOption: true, describe: `The kind of part: ${names.join(', ')}` },
    bits: { type: 'number', describe: 'Capacity of an SRAM; width of an operation, a register or a packet' },
    word: { type: 'number', describe: 'Width of a word of an SRAM' },
    ports: { type: 'number', default: 1, describe: 'Ports of an SRAM' },
    depth: { type: 'number', describe: 'Events that a FIFO holds' },
    operation: {
      type: 'string',
      default: 'integer-add',
      describe: 'Operation of an arithmetic unit: integer- or float32-, and the class as in an hw-model',
    },
    node: { type: 'number', default: 28, describe: 'Technology in nm' },
    supply: { type: 'number', default: 0.9, describe: 'Supply in V' },
    json: jsonOption,
  },
  examples: [
    [
      'hw estimate sram --bits 65536 --word 256 --ports 2',
      "a bank as large as the reference core's state bank",
    ],
    ['hw estimate arithmetic --operation integer-multiply --bits 16 --node 22', 'a multiplier in 22 nm'],
    ['hw estimate fetch --json', 'instruction fetch, as JSON'],
  ],
  run({ part, operation, json, ...given }, terminal) {
    const estimator = estimators.find(({ name }) => name === part);
    if (estimator === undefined)
      throw new PlasticoreError('usage', `there is no estimator '${part}'; ${suggest(part, names)}`);
    const inputs = inputsOf(estimator, given);
    const kind = kindOf(estimator, operation);
    const values = estimator.values(inputs, kind);
    const figures = Object.entries(estimator.figures).map(([figure, quantity]) => {
      const value = values[figure] ?? 0;
      const { low, high } = intervalOf(quantity);
      return {
        figure,
        unit: quantity.unit,
        value,
        low: value * low,
        high: value * high,
        source: quantity.source,
      };
    });
    const quantities = [...new Set(Object.values(estimator.figures))];
    if (json) {
      const schema = 'plasticore/estimate/1';
      const shown = { schema, part, inputs, ...(kind !== '' && { operation: kind }), figures };
      terminal.print(JSON.stringify({ ...shown, range: estimator.range, quantities }, null, 2));
      return;
    }
    print(estimator, figures, quantities, terminal);
  },
});

function inputsOf(
  estimator: Estimator,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, number>> {
  const inputs = Object.fromEntries(
    Object.keys(estimator.range).map((input) => {
      const name = inputNames[input] ?? input;
      const value = given[name];
      if (typeof value === 'number') return [input, value];
      throw new PlasticoreError('usage', `${option(name)} is missing: ${estimator.of} is estimated by it`);
    }),
  );
  const beyond = outOfRange(estimator, inputs);
  if (beyond === undefined) return inputs;
  const { low, high, unit } = beyond.range;
  throw new PlasticoreError(
    'range',
    `${option(inputNames[beyond.input] ?? beyond.input)}: expected ${low} to ${high} ${unit}, found ${inputs[beyond.input]}`,
    { hint: `no published figure says what ${estimator.of} costs beyond` },
  );
}

function kindOf({ kinds }: Estimator, operation: string): string {
  if (kinds.length === 0) return '';
  if (kinds.includes(operation)) return operation;
  throw new PlasticoreError(
    'usage',
    `${option('operation')}: there is no unit '${operation}'; ${suggest(operation, kinds)}`,
  );
}

interface Figure {
  readonly figure: string;
  readonly unit: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function print(
  { range, of }: Estimator,
  figures: readonly Figure[],
  quantities: readonly Quantity[],
  { print: out, style }: Terminal,
): void {
  out(
    table(
      [of, '', 'from', 'to'],
      figures.map(({ figure, unit, value, low, high }) => [
        figure.replace(/(Pj|Uw|Um2|Ns)$/, ''),
        `${rounded(value)} ${unit}`,
        String(rounded(low)),
        String(rounded(high)),
      ]),
      'lrrr',
      style,
    ),
  );
  out(
    `\n${table(
      ['reaches', 'from', 'to', ''],
      Object.entries(range).map(([input, { low, high, unit }]) => [
        `--${inputNames[input] ?? input}`,
        String(low),
        String(high),
        unit,
      ]),
      'lrrl',
      style,
    )}`,
  );
  for (const quantity of quantities) printQuantity(quantity, { print: out, style });
}

function printQuantity(
  { source, law, factor, atLeast, points, ratios }: Quantity,
  { print: out, style }: Pick<Terminal, 'print' | 'style'>,
): void {
  const why = atLeast === undefined ? 'by the residuals' : `because ${atLeast.because}`;
  out(`\n${style.bold(source)}: ${law}`);
  out(`within a factor of ${rounded(factor)}, ${why}`);
  out(
    table(
      ['published', '', 'over the fit', 'where'],
      points.map(({ of, value, cite, checked }, index) => [
        of,
        String(rounded(value)),
        (ratios[index] ?? 1).toFixed(2),
        `${cite} (${checked})`,
      ]),
      'lrrl',
      style,
    ),
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
