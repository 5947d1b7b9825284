import { chipsFor } from '../../chips/node.ts';
import { loadFor } from '../../experiment/node.ts';
import { amount, grouped, percent } from '../../report/index.ts';
import { type Style, table } from '../../report/node.ts';
import { type KernelWrites, watchWrites } from '../../trace/index.ts';
import { defineCommand } from '../command.ts';
import { jsonOption, oneCellOptions } from '../options.ts';
import { chooseCell } from '../subject.ts';

/** Enough samples to see what saturates, few enough to wait for. */
const defaultLimit = 100;

export const watch = defineCommand({
  positionals: ['experiment'],
  options: {
    ...oneCellOptions,
    json: jsonOption,
  },
  examples: [
    ['watch mnist-snn', 'whether potentials saturate and updates are rounded away'],
    ['watch mnist-snn --precision mp8-4 --limit 20', 'the same at narrower widths, from fewer samples'],
    ['watch ./experiment.yaml --set program.microcode.update=./mine.uc', 'a rule of yours'],
  ],
  async run({ json, ...line }, terminal) {
    const { epochs = 1, limit = defaultLimit } = line;
    const { cell, data: path } = await chooseCell({ ...line, epochs, limit }, terminal);
    const data = await loadFor(cell, path);
    const writes = watchWrites(cell, data, line.engine, await chipsFor(cell.chip));
    const samples = data.train.count;
    if (json)
      terminal.print(JSON.stringify({ schema: 'plasticore/watch/1', epochs, samples, writes }, null, 2));
    else {
      terminal.note(
        `trained on ${samples} samples of ${data.name}${epochs === 1 ? '' : `, ${epochs} times`}; --limit and --epochs change that`,
      );
      terminal.print(writesTable(writes, terminal.style));
    }
  },
});

function writesTable(writes: readonly KernelWrites[], style: Style): string {
  const interval = (ends: readonly [number, number] | null): string =>
    ends === null
      ? ''
      : ends.map((end) => String(Number.isInteger(end) ? end : Number(end.toPrecision(6)))).join('..');
  const rows = writes.map((each) => [
    each.kernel,
    each.field,
    grouped(each.runs),
    grouped(each.items),
    grouped(each.changes),
    each.changes === 0 ? '' : amount(each.meanChange),
    each.changes === 0 ? '' : amount(each.largestChange),
    interval(each.holds),
    interval(each.seen),
    each.saturated === null ? '' : percent(each.saturated),
  ]);
  return table(
    ['kernel', 'writes', 'runs', 'items', 'changes', 'mean change', 'largest', 'holds', 'seen', 'saturated'],
    rows,
    'llr',
    style,
  );
}
