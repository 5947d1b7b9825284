import { deployCell, loadExperiment } from '../src/experiment/index.ts';
import { findFile } from '../src/fs/index.ts';
import { coreImageOf } from '../src/image/index.ts';
import { type CorePlan, type KernelPlan, planCore, type Widths } from '../src/rtl/index.ts';
import { at } from '../src/text/index.ts';

/*
 * The core that `rtl` writes, as a picture. Each number in it is taken from the plan. Text has a fixed width, so that
 * what has to fit into a box is known.
 */

const letter = 6.65;
const line = 16;
const boxes = { left: 96, width: 236, gap: 150 };
const right = boxes.left + boxes.width + boxes.gap;
const page = 1080;
/** Of the rows of the pipelines. */
const pitch = 24;
const cell = { width: 17, height: 14 };
const spelled = new Intl.NumberFormat('en').format;
const number = (value: number): string => spelled(value).replaceAll(',', ' ');

/** A text as it may stand in SVG. */
export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

interface Style {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: 'bold';
  readonly colour?: string;
}

function words(x: number, y: number, text: string, { anchor = 'start', weight, colour }: Style = {}): string {
  const more = [
    ...(anchor === 'start' ? [] : [` text-anchor="${anchor}"`]),
    ...(weight === undefined ? [] : [` font-weight="${weight}"`]),
    ...(colour === undefined ? [] : [` fill="${colour}"`]),
  ];
  return `<text x="${x}" y="${y}"${more.join('')}>${escaped(text)}</text>`;
}

const grey = '#57606a';

/** A part of the core: its name, and lines that say what it has. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawn(box: Box, name: string, lines: readonly string[], fill: string): string[] {
  const longest = Math.max(name.length, ...lines.map(({ length }) => length));
  if (longest * letter + 16 > box.width || (lines.length + 1) * line + 8 > box.height)
    throw new Error(`'${name}' does not fit its box`);
  return [
    `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="6" fill="${fill}" stroke="#8c959f"/>`,
    words(box.x + 10, box.y + 20, name, { weight: 'bold' }),
    ...lines.map((text, index) => words(box.x + 10, box.y + 20 + (index + 1) * line, text)),
  ];
}

/** A straight arrow, and what it carries. */
function arrow(
  from: readonly [number, number],
  to: readonly [number, number],
  label: string,
  ends: 'one' | 'both' = 'one',
): string[] {
  const [[x, y], [toX, toY]] = [from, to];
  const text =
    y === toY
      ? words((x + toX) / 2, y - 6, label, { anchor: 'middle', colour: grey })
      : words(x + 8, (y + toY) / 2 + 4, label, { colour: grey });
  const start = ends === 'both' ? ' marker-start="url(#tip)"' : '';
  return [`<path d="M${x} ${y}L${toX} ${toY}" stroke="${grey}"${start} marker-end="url(#tip)"/>`, text];
}

/** The stages of a pipeline: addresses, unpacking, phases, writes, and the writes of a row's sums. */
function stagesOf({ schedule }: KernelPlan): readonly (readonly [name: string, fill: string])[] {
  const { phases, writeCycles, rowStoreCycles } = schedule;
  const many = (count: number, name: string, fill: string) =>
    Array.from({ length: count }, (_, index) => [`${name}${count > 1 ? index : ''}`, fill] as const);
  return [
    ['F', '#ddf4ff'],
    ['U', '#ddf4ff'],
    ...many(phases, 'X', '#fff8c5'),
    ...many(writeCycles, 'W', '#dafbe1'),
    ...many(rowStoreCycles, 'R', '#fbefff'),
  ];
}

/** A row for each pipeline, with the kernels that share it. */
function pipelineRows({ pipelines }: CorePlan, box: Box): string[] {
  return pipelines.flatMap(({ kernels }, index) => {
    const y = box.y + 46 + index * pitch;
    const kernel = at(kernels, 0);
    const stages = stagesOf(kernel);
    const x = box.x + 365;
    return [
      words(box.x + 10, y, kernels.map(({ name }) => name).join(', ')),
      ...stages.flatMap(([name, fill], place) => [
        `<rect x="${x + place * (cell.width + 2)}" y="${y - 11}" width="${cell.width}" height="${cell.height}" fill="${fill}" stroke="#8c959f" stroke-width=".6"/>`,
        `<text x="${x + place * (cell.width + 2) + cell.width / 2}" y="${y - 0.5}" text-anchor="middle" font-size="9">${name}</text>`,
      ]),
      words(box.x + box.width - 10, y, String(kernel.intervalCycles), { anchor: 'end' }),
    ];
  });
}

/** What an entry of a list of tiles has. */
const entry = ({ tile, lanes }: Widths): string => `tile ${tile} + lanes ${lanes} bits`;

/** The parts on the left: what decides, what walks, what waits, what draws. */
function leftParts(
  plan: CorePlan,
  widths: Widths,
): { readonly boxes: readonly Box[]; readonly text: string[] } {
  const { image, conditions, gates } = plan;
  const lists = plan.lists.filter(({ steps }) => steps.length > 0);
  const steps = plan.steps.length;
  const bits = gates.reduce((sum, { field }) => sum + field.count, 0);
  const open = plan.openLists.map(({ of, entries }) => `${entries} ${of}`);
  const { fifoDepth } = image.core;
  const parts = [
    {
      name: 'sequencer',
      fill: '#ffebe9',
      lines: [
        `${lists.length} lists of ${steps} steps`,
        `${conditions.length} groups with conditions`,
        'no cycle between steps',
      ],
    },
    {
      name: 'walker',
      fill: '#fff1e5',
      lines: [
        `${number(bits)} gate bits of ${gates.length} fields`,
        `lists of open tiles and rows:`,
        `${open.join(' and ') || 'none'},`,
        entry(widths),
        `row ${widths.neuron} bits, one for all`,
      ],
    },
    {
      name: 'FIFO',
      fill: '#fbefff',
      lines: [`${fifoDepth} spikes, in tiles:`, `population ${widths.population},`, entry(widths)],
    },
    {
      name: 'generators',
      fill: '#f6f8fa',
      lines: [`${widths.lanes} x 32 bits, xorshift`, 'one for each lane'],
    },
  ];
  let y = 24;
  const placed = parts.map(({ lines }) => {
    const height = (lines.length + 1) * line + 14;
    const box = { x: boxes.left, y, width: boxes.width, height };
    y += height + 32;
    return box;
  });
  return {
    boxes: placed,
    text: parts.flatMap(({ name, lines, fill }, index) => drawn(at(placed, index), name, lines, fill)),
  };
}

/** The core of an experiment as SVG. */
export function corePicture(experiment: string): string {
  const { image, hw } = deployCell(loadExperiment(findFile('experiment', experiment, '')), {}, findFile);
  const plan = planCore(coreImageOf(image), hw);
  const { widths } = plan;
  const left = leftParts(plan, widths);
  const [sequencer, walker, fifo, generators] = left.boxes;
  if (sequencer === undefined || walker === undefined || fifo === undefined || generators === undefined)
    throw new Error('four parts are drawn');
  const pipes = {
    x: right,
    y: sequencer.y,
    width: page - right - 16,
    height: Math.max(plan.pipelines.length * pitch + 66, generators.y + generators.height - sequencer.y),
  };
  const banks = plan.image.banks.filter(({ usedWords }) => usedWords > 0);
  const bankWidth = (pipes.width - (banks.length - 1) * 20) / banks.length;
  const bankTop = pipes.y + pipes.height + 56;
  const bankBoxes = banks.map((_, index) => ({
    x: pipes.x + index * (bankWidth + 20),
    y: bankTop,
    width: bankWidth,
    height: 4 * line + 14,
  }));
  const height = Math.max(bankTop + 4 * line + 14, generators.y + generators.height) + 24;
  const middle = ({ y, height: own }: Box): number => y + own / 2;
  const edge = boxes.left + boxes.width;
  const down = boxes.left + boxes.width / 2;
  const host = bankTop + 3 * line;
  const parts = [
    ...left.text,
    `<rect x="${pipes.x}" y="${pipes.y}" width="${pipes.width}" height="${pipes.height}" rx="6" fill="#ffffff" stroke="#8c959f"/>`,
    words(pipes.x + 10, pipes.y + 20, `pipelines, ${widths.lanes} lanes wide`, { weight: 'bold' }),
    words(pipes.x + pipes.width - 10, pipes.y + 20, 'cycles a tile', { anchor: 'end', colour: grey }),
    ...pipelineRows(plan, pipes),
    words(
      pipes.x + 10,
      pipes.y + pipes.height - 10,
      'F addresses, U words unpacked, X phases, W words written, R sums of a row',
      { colour: grey },
    ),
    ...banks.flatMap(({ name, usedWords, wordBits }, index) => {
      const box = at(bankBoxes, index);
      const model = plan.hw.banks.find((bank) => bank.name === name);
      const ports =
        model === undefined || 'shared' in model.ports
          ? 'one port for both'
          : `${model.ports.read} read, ${model.ports.write} write`;
      const x = box.x + box.width / 2;
      return [
        ...drawn(
          box,
          `bank ${name}`,
          [`${number(usedWords)} words`, `of ${wordBits} bits`, ports],
          '#dafbe1',
        ),
        ...arrow([x - 40, pipes.y + pipes.height], [x - 40, box.y], `${wordBits}`),
        ...arrow([x + 20, box.y], [x + 20, pipes.y + pipes.height], `${wordBits}`),
      ];
    }),
    ...arrow([16, middle(sequencer)], [boxes.left, middle(sequencer)], 'cmd'),
    ...arrow([16, middle(fifo) - 12], [boxes.left, middle(fifo) - 12], `s: ${widths.neuron}`),
    ...arrow([boxes.left, middle(fifo) + 24], [16, middle(fifo) + 24], 'm'),
    ...arrow([down, sequencer.y + sequencer.height], [down, walker.y], 'kernel'),
    ...arrow([down, fifo.y], [down, walker.y + walker.height], `neuron ${widths.neuron} bits`),
    ...arrow([edge, middle(walker) - 14], [right, middle(walker) - 14], `tile, lanes`),
    ...arrow([right, middle(walker) + 26], [edge, middle(walker) + 26], 'gate bits'),
    ...arrow([right, middle(fifo)], [edge, middle(fifo)], 'tiles of spikes'),
    ...arrow([edge, middle(generators)], [right, middle(generators)], `${widths.lanes} x 32 bits`),
    ...arrow([16, host], [pipes.x, host], `host: words of ${widths.host} bits`, 'both'),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${page} ${height}" font-family="ui-monospace, 'DejaVu Sans Mono', monospace" font-size="11">
<title>the core of ${experiment}, as it is written in Verilog</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="${grey}"/></marker></defs>
<rect width="${page}" height="${height}" fill="white"/>
${parts.join('\n')}
</svg>
`;
}
