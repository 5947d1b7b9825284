import { type CoreImage, kernelText } from '../../../image/index.ts';
import { type SpikeService, spikeService } from './analysis/batch.ts';
import type { LinePlan } from './analysis/lines.ts';
import type { PositionPlan } from './analysis/positions.ts';
import type { KernelPlan, Piece, RowLoop } from './kernel-plan.ts';

const whenWords = { run: 'once a run', row: 'each row', tile: 'each tile', item: 'each vector' } as const;

/**
 * The plans of an image's kernels in words: what `inspect --plan` prints.
 *
 * @param plans those that `planKernels` gives
 */
export function describePlan(image: CoreImage, plans: readonly KernelPlan[]): string {
  return `${plans.map((plan) => describeKernel(image, plans, plan)).join('\n\n')}\n`;
}

function describeKernel(image: CoreImage, plans: readonly KernelPlan[], plan: KernelPlan): string {
  const { header, lines } = kernelText(image, plan.kernel);
  const service = spikeService(image, plans, plan);
  const facts = [
    ['lanes', `${laneWords(plan)}, because ${plan.because}`],
    ['rows', rowWords(image, plan.rows)],
    ['columns', columnWords(image, plan)],
    ...(service === undefined ? [] : [['spikes', spikeWords(image, service, plan)]]),
    ...(plan.versions.length === 1 ? [] : [['versions', versionWords(image, plan)]]),
    ...positionFacts(image, plan.positions),
    ...(plan.draws === 0 ? [] : [['draws', drawWords(plan)]]),
  ];
  const width = Math.max(...lines.map(({ text }) => text.length));
  const listed = plan.lines.map((line, index) => {
    const { text = '', range } = lines[index] ?? {};
    const words = [whenOf(plan, line), ...noteWords(image, plan, line, range)].join(', ');
    return `  ${text.padEnd(width)}  ; ${words}`;
  });
  return [
    `; ${image.work[plan.index]}`,
    header,
    ...facts.map(([name = '', words]) => `; ${name.padEnd(8)} ${words}`),
    ...listed,
    'end',
  ].join('\n');
}

function laneWords({ lanes, pieces }: KernelPlan): string {
  const own = lanes === 'one' ? 'one item at a time' : `vectors of ${lanes}`;
  const rest = pieces.find((piece) => piece.from > 0);
  return rest === undefined ? own : `${own}, columns ${rest.from} to ${rest.to - 1} one at a time`;
}

function rowWords({ fields }: CoreImage, rows: RowLoop): string {
  switch (rows.visits) {
    case 'none':
      return 'none';
    case 'one':
      return "that of the event's neuron";
    case 'all':
      return rows.count === 1 ? 'one' : `all ${rows.count}`;
    case 'where': {
      const tested = rows.isKept ? ', all tested before the first is visited' : '';
      return `of ${rows.count}, those where ${fields[rows.gate]?.name} is not zero${tested}`;
    }
  }
}

function columnWords(image: CoreImage, { columns, pieces }: KernelPlan): string {
  const count = pieces.at(-1)?.to ?? 0;
  const gated = (gate: number): string => `where ${image.fields[gate]?.name} is not zero`;
  switch (columns.visits) {
    case 'item':
      return 'that of the event';
    case 'tiles':
      return `${count}, tile by tile of ${image.core.lanes}, all rows of each`;
    case 'gated tiles':
      return `of ${count}, the tiles of ${image.core.lanes} ${gated(columns.gate)}`;
    case 'segments':
      return `the segments of the row${columns.gate === undefined ? '' : `, in the tiles ${gated(columns.gate)}`}`;
    case 'blocks':
      return `${count}, ${columns.inLanes ? 'each at its lane, ' : ''}${blockWords(pieces[0])}`;
  }
}

function blockWords(piece: Piece | undefined): string {
  if (piece === undefined) return 'none';
  return piece.lanes === 'one' ? 'one at a time' : `blocks of at least ${piece.block}`;
}

function spikeWords({ fields }: CoreImage, service: SpikeService, { resident = [] }: KernelPlan): string {
  if (service === 'one by one') return service;
  if (service === 'batch') return 'together, one kernel after the other';
  if (service === 'batch, rows joined') return 'together; the synapses of their rows copied into one list';
  const names = resident.map((field) => fields[field]?.name);
  return `together; for each block of columns, ${names.join(', ')} in registers`;
}

function versionWords({ parameters }: CoreImage, { versions }: KernelPlan): string {
  const settings = versions.map((version) =>
    [...version].map(([parameter, value]) => `${parameters[parameter]?.name} is ${value}`).join(' and '),
  );
  return `${versions.length}: where ${settings.join('; ')}`;
}

function positionFacts({ fields }: CoreImage, { listed, copied }: PositionPlan): [string, string][] {
  const names = (indices: readonly number[]): string =>
    indices.map((index) => fields[index]?.name).join(', ');
  const facts: [string, string][] = [];
  if (listed.length > 0) facts.push(['flags', `those set of ${names(listed)} listed before the first row`]);
  if (copied.length > 0)
    facts.push(['copies', `all positions of ${names(copied.map(({ field }) => field))}, when a row begins`]);
  return facts;
}

function drawWords({ draws, pieces }: KernelPlan): string {
  const words = `${draws} ${draws === 1 ? 'step' : 'steps'} of the lanes' generators for each tile`;
  return pieces[0]?.keepsGenerators === true ? `${words}, kept in registers` : words;
}

function whenOf({ lanes }: KernelPlan, { when }: LinePlan): string {
  return when === 'item' && lanes === 'one' ? 'each item' : whenWords[when];
}

function noteWords(
  { fields }: CoreImage,
  { lanes }: KernelPlan,
  line: LinePlan,
  range: LinePlan['range'],
): string[] {
  const { instruction, saturates, isDiscarded, isUnchanged, predicateWhen } = line;
  const [, target] = instruction.operands;
  const values = line.range ?? range;
  const notes: string[] = [];
  if (instruction.arithmetic === 'real') notes.push('float32');
  else if (values !== undefined) notes.push(`${values.low} .. ${values.high}`);
  const isNarrow = lanes === 'i16x8';
  if (isNarrow && saturates) notes.push('16 bits may saturate it: only stores that saturate read it');
  if (isNarrow && isDiscarded) notes.push('16 bits may wrap it: no select takes what they do not hold');
  if (isUnchanged && target?.is === 'field')
    notes.push(`no mask: ${fields[target.field]?.name} stays as it is where the gate is zero`);
  if (predicateWhen !== undefined) notes.push(`predicate ${whenWords[predicateWhen]}`);
  return notes;
}
