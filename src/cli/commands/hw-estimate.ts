import {
  arithmetic,
  type Conditions,
  type Estimator,
  estimators,
  inputNames,
  intervalOf,
  isCountInput,
  outOfRange,
  type Quantity,
  sram,
  usualTemperatureC,
} from '../../hardware/index.ts';
import { table } from '../../report/node.ts';
import { option, PlasticoreError, rounded, suggest } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { argument, jsonOption, numberOption } from '../options.ts';
import type { Terminal } from '../terminal.ts';

const names = estimators.map(({ name }) => name);

/** The defaults of options. */
const usual = { ports: 1, node: 28, supply: 0.9, temperature: usualTemperatureC };

export const hwEstimate = defineCommand({
  positionals: ['part'],
  options: {
    part: argument(`The kind of part: ${names.join(', ')}`),
    bits: numberOption(
      'Capacity of an SRAM; width of an operation, a register or a packet; of control: bits of lists, FIFO and gates (docs/estimators/control.md)',
    ),
    word: numberOption('Width of a word of an SRAM'),
    ports: numberOption('Ports of an SRAM', usual.ports),
    depth: numberOption('Events that a FIFO holds'),
    length: numberOption('Length of wires in um'),
    'flip-flops': numberOption('Flip-flops that a clock drives'),
    area: numberOption('Area of a core in um2, over which its clock spreads'),
    operation: {
      type: 'string',
      requiresArg: true,
      defaultDescription: arithmetic.kinds?.usual,
      describe: 'Operation of an arithmetic unit: integer- or float32-, and the class as in an hw-model',
    },
    flavour: {
      type: 'string',
      requiresArg: true,
      defaultDescription: sram.kinds?.usual,
      describe: `Transistors of an SRAM: ${sram.kinds?.names.join(', ')}`,
    },
    node: numberOption('Technology in nm', usual.node),
    supply: numberOption('Supply in V', usual.supply),
    temperature: numberOption('Temperature of an SRAM in degrees Celsius', usual.temperature),
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
  run({ part, operation, flavour, json, flipFlops, ...numbers }, terminal) {
    const { bits, word, ports, depth, length, area, node, supply, temperature } = numbers;
    const others = { bits, word, ports, depth, length, area, node, supply, temperature };
    const given = { ...others, 'flip-flops': flipFlops };
    const estimator = estimators.find(({ name }) => name === part);
    if (estimator === undefined)
      throw new PlasticoreError('usage', `there is no estimator '${part}'; ${suggest(part, names)}`);
    refuseUnused(estimator, { ...given, operation, flavour });
    const kind = kindOf(estimator, { operation, flavour });
    const inputs = inputsOf(estimator, { ...usual, ...defined(given) }, kind);
    const { kinds } = estimator;
    const values = estimator.values(inputs, kind);
    const figures = Object.entries(estimator.figures).flatMap(([figure, quantity]) => {
      if (outOfRange(estimator, inputs, quantity.range) !== undefined) return [];
      const value = values[figure] ?? 0;
      const { low, high } = intervalOf(quantity, conditionsOf(inputs));
      return [
        {
          figure,
          unit: quantity.unit,
          value,
          low: value * low,
          high: value * high,
          source: quantity.source,
        },
      ];
    });
    const quantities = [...new Set(Object.values(estimator.figures))];
    if (json) {
      const schema = 'plasticore/estimate/1';
      const shown = { schema, part, inputs, ...(kinds && { [kinds.called]: kind }), figures };
      terminal.print(JSON.stringify({ ...shown, range: estimator.range, quantities }, null, 2));
      return;
    }
    print(estimator, figures, quantities, terminal);
  },
});

/** Options without those that were not given. */
function defined(given: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** An option without effect would pass for one that has none on the figures. */
function refuseUnused(
  { name, range, kinds }: Estimator,
  given: Readonly<Record<string, number | string | undefined>>,
): void {
  const used = Object.keys(range).map((input) => inputNames[input] ?? input);
  if (kinds !== undefined) used.push(kinds.called);
  for (const [unused, value] of Object.entries(given)) {
    if (value === undefined || used.includes(unused)) continue;
    throw new PlasticoreError('usage', `${option(unused)} is no input of the estimator '${name}'`, {
      hint: `it has ${used.map((input) => option(input)).join(', ')}`,
    });
  }
}

function inputsOf(
  estimator: Estimator,
  given: Readonly<Record<string, number>>,
  kind: string,
): Readonly<Record<string, number>> {
  const inputs = Object.fromEntries(
    Object.keys(estimator.range).map((input) => {
      const name = inputNames[input] ?? input;
      const value = given[name];
      if (value !== undefined) return [input, value];
      throw new PlasticoreError(
        'usage',
        `${option(name)} is missing: the estimate of ${estimator.name} needs it`,
      );
    }),
  );
  const refusal = (input: string, expected: string, hint?: string) =>
    new PlasticoreError(
      'range',
      `${option(inputNames[input] ?? input)}: expected ${expected}, found ${inputs[input]}`,
      { hint },
    );
  const beyond = outOfRange(estimator, inputs);
  if (beyond !== undefined) {
    const { low, high, unit } = beyond.range;
    throw refusal(
      beyond.input,
      `${low} to ${high} ${unit}`,
      'the estimator reaches no further than its published figures bear; state a figure of your own in the hw-model',
    );
  }
  for (const [input, range] of Object.entries(estimator.range))
    if (isCountInput(range) && !Number.isInteger(inputs[input])) throw refusal(input, 'a whole number');
  const misfit = estimator.misfit?.(inputs, kind);
  if (misfit !== undefined) throw refusal(misfit.input, misfit.expected);
  return inputs;
}

/** The conditions on which intervals depend; a part without a temperature has the usual one. */
function conditionsOf({
  technologyNm = usual.node,
  temperatureC = usual.temperature,
}: Readonly<Record<string, number>>): Conditions {
  return { technologyNm, temperatureC };
}

function kindOf(
  { kinds }: Estimator,
  given: Readonly<Record<'operation' | 'flavour', string | undefined>>,
): string {
  if (kinds === undefined) return '';
  const { called, usual: usualKind, names: known } = kinds;
  const kind = given[called] ?? usualKind;
  if (known.includes(kind)) return kind;
  const what = called === 'operation' ? 'unit' : called;
  throw new PlasticoreError(
    'usage',
    `${option(called)}: there is no ${what} '${kind}'; ${suggest(kind, known)}`,
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
        figure.replace(/(Pj|Uw|Um2|Ns|V)$/, ''),
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
      ['reaches', 'from', 'to', '', ''],
      [
        ...rangeRows(range, ''),
        ...quantities.flatMap((quantity) => rangeRows(quantity.range, `for ${quantity.source}`)),
      ],
      'lrrll',
      style,
    )}`,
  );
  for (const quantity of quantities) printQuantity(quantity, { print: out, style });
}

function rangeRows(range: Estimator['range'], what: string): string[][] {
  return Object.entries(range).map(([input, { low, high, unit }]) => [
    `--${inputNames[input] ?? input}`,
    String(low),
    String(high),
    unit,
    what,
  ]);
}

function printQuantity(
  { source, unit: usualUnit, law, factor, atLeast, points, ratios }: Quantity,
  { print: out, style }: Pick<Terminal, 'print' | 'style'>,
): void {
  const why = atLeast === undefined ? 'by the residuals' : `because ${atLeast.because}`;
  out(`\n${style.bold(source)}: ${law}`);
  out(`within a factor of ${rounded(factor)}, ${why}`);
  out(
    table(
      ['published', '', 'over the fit', 'where'],
      points.map(({ of, value, unit = usualUnit, cite, checked }, index) => [
        of,
        unit === usualUnit ? String(rounded(value)) : `${rounded(value)} ${unit}`,
        (ratios[index] ?? 1).toFixed(2),
        `${cite} (${checked})`,
      ]),
      'lrrl',
      style,
    ),
  );
}
