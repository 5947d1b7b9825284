import { tabled } from '../../text/columns.ts';
import { grouped, scaleOf } from '../../text/format.ts';
import { fieldColumns, fieldRows, savingColumns, savingRows } from '../../text/memory-columns.ts';
import { dataTable } from '../figure.ts';
import type { RunReport } from '../input.ts';
import { html, type Markup } from '../markup.ts';
import { stacksOf, tallest } from '../options/stacks.ts';
import type { Section } from '../section.ts';
import { anyReport, type PageSubject } from '../study.ts';
import { type StackedFigure, stackedFigures } from './stacked.ts';

type Memory = RunReport['memory'];
type Copies = Memory['savings'][number]['inferenceWeights'];
type Need = 'training' | 'inference';

export const memoryByField: Section = {
  id: 'memory',
  title: 'Memory by field',
  short: 'Memory',
  of: ({
    study,
  }) => html`<p>Weights and states of each design, field by field.${hasBaseline(study) ? explanation : ''}</p>
${stackedFigures(
  (['training', 'inference'] as const).map((need) => fieldFigure(study, need)),
)}${savingsTable(study)}${fieldTable(study)}`,
};

const explanation = html` <em>Stored</em>: inference weights are copies beside their shadow weights. <em>Sliced</em>: they are cut from them on the read path, through a rounding adder, and take nothing. FP32 is the same program on a float32 core: 32 bits for every real number, one copy of a weight.`;

/** Precision `own` has no baseline. */
function hasBaseline({ designs }: PageSubject): boolean {
  return designs.some((design) => anyReport(design).memory.savings.length > 0);
}

function fieldFigure({ designs }: PageSubject, need: Need): StackedFigure {
  const memories = designs.flatMap((design) => {
    const { memory } = anyReport(design);
    return copiesOf(memory).map((copies) => ({
      label: copiesOf(memory).length < 2 ? design.label : `${design.label} ${copies}`,
      memory,
      copies,
    }));
  });
  const sizes = memories.map(({ memory, copies }) => fieldBits(memory.fields, need, copies));
  const stacks = stacksOf(
    memories.map(({ label }) => label),
    sizes.map((fields) => Object.fromEntries(fields)),
  );
  const references = need === 'training' ? ['training', 'training, FP32 with gradients'] : ['inference'];
  const lines = references.flatMap((basis) => {
    const values = new Set(
      memories.flatMap(
        ({ memory }) => memory.savings.find((saving) => saving.basis === basis)?.fp32Bits ?? [],
      ),
    );
    // Designs of different networks have no common FP32 baseline.
    const [value] = values;
    const name = basis === 'training, FP32 with gradients' ? 'FP32 with gradients' : 'FP32';
    return value === undefined || values.size > 1 ? [] : [{ name, value }];
  });
  const { size, prefix } = scaleOf(tallest(stacks));
  return {
    id: `memory-${need}`,
    title: need === 'training' ? 'Memory for learning' : 'Memory for inference alone',
    stacks,
    look: {
      axisName: `memory, ${prefix}bit`,
      format: (bits) => `${grouped(bits)} bits`,
      unit: size,
      references: lines,
    },
    part: 'field',
    unit: 'bit',
    note:
      lines.length === 0
        ? undefined
        : `Dashed: ${lines.map(({ name, value }) => `${name}, ${grouped(value)} bits`).join('; ')}.`,
  };
}

/** The ways to hold inference weights, if they make a difference. */
function copiesOf({ savings }: Memory): Copies[] {
  return savings.length === 0
    ? ['sliced']
    : [...new Set(savings.map(({ inferenceWeights }) => inferenceWeights))];
}

/**
 * Bits of each stored field, on one basis. A design is compiled for one way of holding inference weights; the other
 * follows from the fields. A copy takes its own bits; without a copy, inference reads the shadow weights.
 */
export function fieldBits(
  fields: readonly Omit<Memory['fields'][number], 'bank' | 'totalBits'>[],
  need: Need,
  copies: Copies,
): Map<string, number> {
  const all = new Map(fields.map((field) => [field.name, field]));
  const sizes = new Map<string, number>();
  for (const { name, bitsPerItem, count, neededFor } of fields) {
    const [, owner = '', kind] = /^(.*)\.(shadow|weight)$/.exec(name) ?? [];
    const weight = all.get(`${owner}.weight`);
    const shadow = all.get(`${owner}.shadow`);
    const isPair = kind !== undefined && weight !== undefined && shadow !== undefined;
    // A weight as wide as its shadow weight is not a copy; both are one field.
    const hasCopy = isPair && copies === 'stored' && weight.bitsPerItem < shadow.bitsPerItem;
    // Which of a pair inference reads depends on the copies that the design was compiled for.
    const isRead = (isPair ? [weight, shadow] : [{ neededFor }]).some((one) => one.neededFor === 'inference');
    let isHeld = need === 'training' || isRead;
    if (kind === 'weight' && isPair) isHeld &&= hasCopy;
    if (kind === 'shadow' && hasCopy) isHeld = need === 'training';
    if (isHeld) sizes.set(name, bitsPerItem * count);
  }
  return sizes;
}

function savingsTable({ designs }: PageSubject): Markup | null {
  const rows = savingRows(designs.map((design) => anyReport(design).memory));
  if (rows.length === 0) return null;
  return dataTable({
    id: 'memory-savings',
    caption: 'Saved against FP32, by basis',
    ...tabled(rows, savingColumns(designs.map(({ label }) => label))),
  });
}

function fieldTable({ designs }: PageSubject): Markup {
  const rows = fieldRows(designs.map((design) => anyReport(design).memory));
  return html`<details><summary>Bits per item of each field, as compiled</summary>
${dataTable({
  id: 'memory-fields',
  caption: 'Bits per item, as compiled',
  ...tabled(rows, fieldColumns(designs.map(({ label }) => label))),
})}</details>
`;
}
