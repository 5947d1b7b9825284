/** Takes the files that a person gives to the page. */
import { type Signal, signal } from '@preact/signals';
import type { ErrorParts } from '../../../src/text/index.ts';
import type { DroppedFile } from '../../shared/dropped-file.ts';
import type { DesignOfFile, Outcome } from '../../shared/protocol.ts';
import { bench } from '../store.ts';
import { type AskedGraph, askAbout, asked, atItsWord, graphIn, samplesIn } from './asked-graph.ts';

/** Larger files would fill the memory of the browser. */
const mostBytes = 1 << 30;

/** The outcome of the files that were given last. */
interface DropResult {
  readonly said?: string;
  readonly fault?: ErrorParts;
  readonly opened?: DesignOfFile;
}

export const taken: Signal<DropResult> = signal({});

/** Takes dropped or chosen files: data, a network or a report. */
export async function takeFiles(given: readonly File[]): Promise<void> {
  if (given.length === 0) return;
  const large = given.find(({ size }) => size > mostBytes);
  if (large !== undefined) {
    taken.value = {
      fault: {
        code: 'data',
        message: 'this file is too large for the page',
        place: { file: large.name, hint: 'run it on the command line' },
      },
    };
    return;
  }
  taken.value = { said: `Reading ${given.map(({ name }) => name).join(', ')} …` };
  const files = await Promise.all(
    given.map(
      async (file): Promise<DroppedFile> => ({
        name: file.name,
        bytes: new Uint8Array(await file.arrayBuffer()),
      }),
    ),
  );
  const graph = graphIn(files);
  if (graph !== undefined) {
    const view = await bench.remote.viewGraph(graph.file);
    asked.value = view.ok ? askAbout(graph, view.value, asked.value) : undefined;
    taken.value = view.ok
      ? { said: `${graph.file.name}: say below what the file does not, then import it.` }
      : { fault: view.error };
    return;
  }
  const samples = samplesIn(files);
  if (samples !== undefined && asked.value !== undefined) {
    asked.value = { ...asked.value, options: { ...asked.value.options, samples } };
    taken.value = { said: `${samples.name} holds samples for ${asked.value.file.name}: import it below.` };
    return;
  }
  const [file] = files;
  if (file !== undefined && files.length === 1 && /\.json$/i.test(file.name)) {
    await show(file, await bench.remote.readReport(file));
    return;
  }
  tellData(await bench.useData(files));
}

/** Tells what came of data: they may be right, and what runs may not fit them. */
function tellData(outcome: Outcome<string>): void {
  const fault = outcome.ok ? bench.fault.value : outcome.error;
  if (fault !== undefined) taken.value = { fault };
  else if (outcome.ok) taken.value = { said: outcome.value };
}

/** Makes the network fit the data that it refused. */
export async function adaptNetwork(): Promise<void> {
  const outcome = await bench.adapt();
  if (outcome !== undefined) tellData(outcome);
  else if (bench.fault.value === undefined) taken.value = {};
}

/** Imports a graph as it was asked for, and runs it. */
export async function importGraph({ file, options }: AskedGraph): Promise<void> {
  const { samples, from } = options;
  taken.value = { said: `Importing ${file.name}, and comparing it with floats …` };
  const outcome = await bench.remote.readGraph(file, {
    ...options,
    from: from === atItsWord ? undefined : from,
  });
  // Data of an earlier network would take the place of the digits.
  const isOfDigits = samples === undefined && bench.ownData.value === undefined;
  if (!outcome.ok || isOfDigits) return show(file, outcome);
  const { design, arrays } = outcome.value;
  const used = await bench.useData(samples === undefined ? [] : [samples], design, arrays);
  const said = samples === undefined ? isOpen(file) : used.ok ? used.value : '';
  taken.value = used.ok ? withFault({ said, opened: outcome.value }, file) : { fault: used.error };
}

const isOpen = ({ name }: DroppedFile): string => `${name} is open.`;

/** The opened design may have a fault of its own. */
function withFault(taken: DropResult, { name }: DroppedFile): DropResult {
  const message = taken.opened?.fault;
  if (message === undefined) return taken;
  return {
    ...taken,
    fault: {
      code: 'data',
      message,
      place: { file: name, hint: 'if so, choose it above, and import the file again' },
    },
  };
}

async function show(file: DroppedFile, outcome: Outcome<DesignOfFile>): Promise<void> {
  taken.value = outcome.ok
    ? withFault({ said: isOpen(file), opened: outcome.value }, file)
    : { fault: outcome.error };
  if (outcome.ok) await bench.open(outcome.value.design, { play: true });
}
