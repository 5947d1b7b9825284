import {
  type Estimator,
  estimators,
  factorAt,
  inputNames,
  nandUm2,
  type Quantity,
  synthesisedBy,
  synthesisedCores,
  usualTemperatureC,
} from '../../src/hardware/index.ts';
import { controlUm2, outsideOf } from './outside.ts';
import { synthesisedUnits } from './synthesised-units.ts';

/** A page for each estimator, the figures that it rests on as CSV, and a page about all of them. */
export function estimatorPages(): { readonly path: string; readonly text: string }[] {
  return [
    { path: 'docs/estimators/README.md', text: overview() },
    { path: 'docs/estimators/gates.md', text: gatesPage() },
    ...estimators.flatMap((estimator) => [
      { path: `docs/estimators/${estimator.name}.md`, text: estimatorPage(estimator) },
      { path: `docs/estimators/${pointsFile(estimator)}`, text: pointsCsv(estimator) },
    ]),
  ];
}

const note = '<!-- Generated: npx tsx scripts/generate.ts -->';

function overview(): string {
  const rows = estimators.flatMap(({ name, of, figures }) =>
    distinct(figures).map(
      ([quantity, names], index) =>
        `| ${index === 0 ? `[${name}](${name}.md) | ${of}` : ' | '} | ${names.map((figure) => `\`${figure}\``).join(', ')} | ${quantity.factor.toFixed(2)} | ${quantity.points.length} |`,
    ),
  );
  return `# Estimators

${note}

Where an hw-model says \`auto\`, an estimator gives the figure from the shape of the part, the node (\`technologyNm\`) and the supply
(\`supplyV\`). \`hw estimate\` prints them. Stated figures, or a bank's \`macros\`, take precedence.

| estimator | part | figures | interval: within a factor of | data points |
|---|---|---|---|---|
${rows.join('\n')}

## Intervals

Each quantity is fitted to published figures: its page sums them up by source, and a CSV file in \`points/\` has each with its citation and
its distance from the fit. The interval is the estimate divided and multiplied by a factor: two standard deviations of the residuals'
logarithms (over the figures beyond the coefficients), and no less than the largest residual. Where parts of a law have figures of their
own, the squares of their deviations add up; where one has none, its page says so, and the factor is at least 2. The true value may lie beyond.

Errors of one quantity are fully correlated, those of different sources are taken as independent: the deviation of a total is the root of
the sum of the squares of theirs. Arithmetic, instructions and hops share a law of the node, so their errors are correlated a little. What is
assumed of the bits that toggle counts as one more source: [activity.md](../activity.md). Reports print intervals in brackets.

Beyond its range an estimator refuses. SENECA's 2.8 pJ for a synaptic operation and ODIN's 0.68 µm² for a synapse are in no fit, and lie within the
intervals. SENECA's instructions are in the fits: they check how the parts add up, not the parts. [gates.md](gates.md) has areas beside
synthesised gates, [syntzula.md](syntzula.md) a whole core.
`;
}

const nands = (um2: number): number => um2 / nandUm2;
const rounded = (value: number): string => String(Math.round(value));

/** The area of a unit at 45 nm as estimated, in areas of a NAND. */
function estimatedNands(operation: string, widthBits: number): number {
  const arithmetic = estimators.find(({ name }) => name === 'arithmetic');
  const { areaUm2 = 0 } = arithmetic?.values({ widthBits, technologyNm: 45, supplyV: 0.9 }, operation) ?? {};
  return nands(areaUm2);
}

/** The units of a lane of the reference core, as estimated. */
const laneUnits = ['move', 'add', 'multiply', 'shift', 'compare', 'logic', 'random'];

function gatesPage(): string {
  const units = synthesisedUnits.map(({ operation, of, widthBits, nands: made }) => {
    const estimated = estimatedNands(operation, widthBits);
    const ratio = estimated / made;
    const mark = ratio > 2 || ratio < 0.5 ? ' (outside)' : '';
    return `| ${of} | ${widthBits} | ${rounded(estimated)} | ${rounded(made)} | ${ratio.toFixed(2)}${mark} |`;
  });
  const lane = laneUnits.reduce((sum, name) => sum + estimatedNands(`integer-${name}`, 32), 0);
  const cores = synthesisedCores.map(({ of, lanes, bits, pipelines, control: made, isFitted }) => {
    const units = ((lanes * lane) / pipelines).toFixed(2);
    const ratio = (nands(controlUm2(bits, 45)) / made).toFixed(2);
    return `| ${of} | ${lanes} | ${bits} | ${pipelines} | ${units} | ${made} | ${ratio} | ${isFitted ? 'yes' : 'no'} |`;
  });
  return `# Estimates beside synthesised gates

${note}

Areas in NAND2 equivalents: that of a NAND with two inputs, ${nandUm2} um2 at 45 nm. Synthesised by ${synthesisedBy}. Estimates of
units are those of [arithmetic](arithmetic.md) at 45 nm, which have seen none of these gates.

## Units

| unit | bits | estimated | synthesised | estimated over synthesised |
|---|---|---|---|---|
${units.join('\n')}

Within a factor of 2 but for what is marked: a shift is estimated as an addition. Most shifts are by a stated number, which takes no gates.

## Whole cores

Cores as [\`rtl\`](../build-your-core.md) writes them (\`--synth gates\`), without their banks. Units are estimated as the reference core
has them: one of each class in a lane, of 32 bits. A hard-wired core has what its kernels need, with registers.

| core | lanes | bits in control | pipelines | estimated / that | control | estimated / that | in its fit |
|---|---|---|---|---|---|---|---|
${cores.join('\n')}

[Control](control.md) is estimated by the bits of the lists, the FIFO and the row and column gates, which become flip-flops;
every second core by their number is in the fit.
`;
}

function estimatorPage({ name, of, kinds, range, figures }: Estimator): string {
  const reach = Object.entries(range).map(
    ([input, { unit, low, high }]) => `| \`--${inputNames[input] ?? input}\` | ${low} | ${high} | ${unit} |`,
  );
  const operations =
    kinds === undefined
      ? ''
      : `\n\`--${kinds.called}\`: ${kinds.names.map((kind) => `\`${kind}\``).join(', ')}; if absent, \`${kinds.usual}\`.\n`;
  return `# Estimator: ${name}

${note}

Of ${of}. [Every published figure](${pointsFile({ name })}); [how intervals follow](README.md#intervals).
${operations}
## Range

| input of \`hw estimate ${name}\` | from | to | |
|---|---|---|---|
${reach.join('\n')}

${distinct(figures)
  .map(([quantity, names]) => section(quantity, names))
  .join('\n\n')}
`;
}

function section(quantity: Quantity, names: readonly string[]): string {
  const { source, unit, law, assumes, range, factor, atLeast, widened } = quantity;
  const why = atLeast === undefined ? 'as the residuals say' : `because ${atLeast.because}`;
  const wider = widened === undefined ? '' : ` It is wider at ${widerAt(quantity)}: ${widened.because}.`;
  const reach = Object.entries(range)
    .map(
      ([input, { low, high, unit: of }]) =>
        `\n- Range: \`--${inputNames[input] ?? input}\` from ${low} to ${high} ${of}.`,
    )
    .join('');
  return `## ${names.map((figure) => `\`${figure}\``).join(', ')}

Source \`${source}\`, in ${unit}.

- Fit: ${law}.
- Assumed without a figure: ${assumes}.
- Interval: within a factor of ${factor.toFixed(2)}, ${why}.${wider}${reach}

| published in | figures | over the fit | read in |
|---|---|---|---|
${bySource(fittedFigures(quantity)).join('\n')}${outsideTable(quantity)}`;
}

/** The factor where it is larger than between the published figures. */
function widerAt(quantity: Quantity): string {
  const usual = { technologyNm: 28, temperatureC: usualTemperatureC };
  const places = [
    ...[7, 10, 65, 130, 180].map((nm) => ({ of: `${nm} nm`, at: { ...usual, technologyNm: nm } })),
    ...[-40, 85, 125].map((degrees) => ({
      of: `${degrees} degrees`,
      at: { ...usual, temperatureC: degrees },
    })),
    { of: 'an unknown program', at: { ...usual, isProgramUnknown: true } },
  ];
  return places
    .map(({ of, at }) => ({ of, factor: factorAt(quantity, at) }))
    .filter(({ factor }) => factor > 1.001 * factorAt(quantity, usual))
    .map(({ of, factor }) => `${of} (${factor.toFixed(2)})`)
    .join(', ');
}

/** Figures that no fit has used: how many lie within the interval, and what lies beyond, with its reason. */
function outsideTable(quantity: Quantity): string {
  const figures = outsideFigures(quantity);
  if (figures.length === 0) return '';
  const beyond = figures.filter(({ remark }) => remark !== 'within');
  const others = `No fit has used ${figures.length} others`;
  if (beyond.length === 0) return `\n\n${others}, all within the interval.`;
  const within = `${others}, of which ${figures.length - beyond.length} lie within the interval.`;
  return `

${within} Beyond it:

| published in | figures | over the fit | read in | why |
|---|---|---|---|---|
${bySource(beyond).join('\n')}`;
}

/** A published figure beside its fit. */
interface Figure {
  readonly of: string;
  readonly value: number;
  readonly unit?: Quantity['unit'];
  readonly ratio: number;
  readonly cite: string;
  readonly checked: string;
  /** Whether the interval reaches it, and if not, why; undefined for what was fitted. */
  readonly remark?: string;
}

const fittedFigures = ({ points, ratios }: Quantity): readonly Figure[] =>
  points.map((point, index) => ({ ...point, ratio: ratios[index] ?? 1 }));

function outsideFigures(quantity: Quantity): readonly Figure[] {
  return outsideOf(quantity).map(({ technologyNm, because, ...figure }) => {
    const factor = factorAt(quantity, { technologyNm, temperatureC: usualTemperatureC });
    const isWithin = Math.abs(Math.log(figure.ratio)) <= Math.log(factor);
    return { ...figure, remark: isWithin ? 'within' : because };
  });
}

/** A row for each source: how many figures it has, and how far they are from the fit. */
function bySource(figures: readonly Figure[]): string[] {
  const groups = new Map<string, Figure[]>();
  for (const figure of figures) {
    const { cite, checked, remark } = figure;
    const key = JSON.stringify([cite, checked, remark]);
    groups.set(key, [...(groups.get(key) ?? []), figure]);
  }
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const ratios = own.map(({ ratio }) => ratio);
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
    const remark = first.remark === undefined ? '' : ` ${first.remark} |`;
    return [
      `| ${first.cite} | ${own.length} | ${least === most ? least : `${least} to ${most}`} | ${first.checked} |${remark}`,
    ];
  });
}

const pointsFile = ({ name }: Pick<Estimator, 'name'>): string => `points/${name}.csv`;

/** All published figures of an estimator: what was fitted, and what was not. */
function pointsCsv({ figures }: Estimator): string {
  const head = ['source', 'published', 'value', 'unit', 'published over fit', 'used', 'where', 'read in'];
  const rows = distinct(figures).flatMap(([quantity]) =>
    [...fittedFigures(quantity), ...outsideFigures(quantity)].map((figure) => [
      quantity.source,
      figure.of,
      String(Number(figure.value.toPrecision(4))),
      figure.unit ?? quantity.unit,
      figure.ratio.toFixed(2),
      figure.remark === undefined
        ? 'in the fit'
        : `in no fit, ${figure.remark === 'within' ? 'within the interval' : `beyond it: ${figure.remark}`}`,
      figure.cite,
      figure.checked,
    ]),
  );
  return [head, ...rows].map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}

const csvCell = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The quantities of an estimator, each with the figures that are of it. */
function distinct(figures: Readonly<Record<string, Quantity>>): [Quantity, string[]][] {
  const quantities = new Map<Quantity, string[]>();
  for (const [figure, quantity] of Object.entries(figures))
    quantities.set(quantity, [...(quantities.get(quantity) ?? []), figure]);
  return [...quantities];
}
