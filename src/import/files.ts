import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { writeNpz } from '../data/index.ts';
import type { Imported } from './import.ts';
import { weightsFile } from './program/index.ts';
import { type ImportContext, recordOf } from './record.ts';
import { yamlText } from './yaml-text.ts';

/** Names of the files that an import makes. */
export const importFiles = {
  program: 'program.yaml',
  weights: weightsFile,
  experiment: 'experiment.yaml',
  record: 'import.json',
} as const;

/** The files of an import by name. The same graph with the same options gives the same bytes. */
export function filesOf(
  imported: Imported,
  context: ImportContext,
): ReadonlyMap<string, string | Uint8Array> {
  const { description, arrays, integers } = imported;
  const { source, hw, precision } = context;
  const program = { format: 'plasticore/program/1', ...withoutNothing(description) };
  const inputs = integers.network.input.size;
  const experiment = {
    format: 'plasticore/experiment/1',
    name: description.name,
    description: `Runs ${source.name} as ${importFiles.program}, without learning. ${inputs === digitPixels ? 'Digits become spikes by their phase; --data names others.' : `--data names data of ${inputs} inputs.`}`,
    program: `./${importFiles.program}`,
    hw,
    precisions: [precision],
    seeds: [1],
    encoder: inputs === digitPixels ? 'phase' : { bins: { ms: 1 }, stopAfterLastSpike: false },
    epochs: 0,
  };
  const record = {
    schema: 'plasticore/import/1',
    source: { file: source.name, sha256: bytesToHex(sha256(source.bytes)) },
    ...recordOf(imported, context),
  };
  return new Map<string, string | Uint8Array>([
    [importFiles.weights, writeNpz(arrays)],
    [
      importFiles.program,
      `# Made from ${source.name}; ${importFiles.record} says how.\n${yamlText(program)}`,
    ],
    [importFiles.experiment, yamlText(experiment)],
    [importFiles.record, `${JSON.stringify(record, null, 2)}\n`],
  ]);
}

/** Pictures of 28 x 28, which the embedded digits are. */
const digitPixels = 784;

/** Without sections that say nothing. */
function withoutNothing({ events, ...description }: Imported['description']) {
  const { previousSpike = {}, ...others } = events;
  return {
    ...description,
    events: { ...others, ...(Object.keys(previousSpike).length > 0 && { previousSpike }) },
  };
}
