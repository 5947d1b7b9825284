import type { Chip, RecordedFrom } from '../../chips/index.ts';
import type { Dataset } from '../../data/index.ts';
import { type Cell, lastingStages, Session } from '../../experiment/index.ts';
import { command, PlasticoreError } from '../../text/index.ts';

/**
 * Runs a cell that hosts a chip on data, as an experiment does, and records what the chip did, in a format of its own.
 *
 * @throws PlasticoreError `usage` if the host of the chip cannot record, `data` if the data do not fit the chip
 */
export function chipTraceOf(
  cell: Cell,
  data: Dataset,
  {
    source,
    ...options
  }: {
    readonly engine?: string | undefined;
    readonly chips: readonly Chip[];
    readonly source?: RecordedFrom | undefined;
  },
): unknown {
  const session = new Session(cell, data, { ...options, stages: lastingStages(cell, data) });
  const { program, provenance } = cell.image;
  const end = session.host.record?.({
    name: cell.name,
    source,
    description: `${program} as Plasticore ${provenance.compiler} runs it on ${data.name}`,
  });
  if (end === undefined)
    throw new PlasticoreError('usage', `'${cell.name}' hosts a chip whose host writes no golden traces`, {
      hint: `${command('verify')} replays the recordings of chips, in formats of their own`,
    });
  let presented = session.next();
  while (presented !== undefined) presented = session.next();
  return end();
}
