/** What becomes of files that a person gives the page. */
import { type Signal, signal } from '@preact/signals';
import type { ErrorParts } from '../../../src/text/index.ts';
import type { DroppedFile, Outcome, Reopened } from '../../shared/protocol.ts';
import { bench } from '../store.ts';
import { type AskedGraph, asked, atItsWord, graphIn } from './asked-graph.ts';

/** Larger files would fill the memory of the browser. */
const mostBytes = 1 << 30;

/** What came of the files that were given last. */
interface Taken {
  readonly said?: string;
  readonly fault?: ErrorParts;
  readonly opened?: Reopened;
}

export const taken: Signal<Taken> = signal({});

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
  const graph = graphIn(files, asked.value);
  if (graph !== undefined) {
    asked.value = graph;
    taken.value = { said: `${graph.file.name}: say below what it does not, then import it.` };
    return;
  }
  const [file] = files;
  if (file !== undefined && files.length === 1 && /\.json$/i.test(file.name)) {
    await show(file, await bench.remote.readReport(file));
    return;
  }
  const outcome = await bench.useData(files);
  taken.value = outcome.ok ? { said: outcome.value } : { fault: outcome.error };
}

/** Imports a graph as it was asked for, and runs it. */
export async function importGraph(graph: AskedGraph): Promise<void> {
  const { file, samples, from, steps } = graph;
  const options = { from: from === atItsWord ? undefined : from, steps };
  taken.value = { said: `Importing ${file.name}, and comparing it with floats …` };
  const outcome = await bench.remote.readGraph(file, { ...options, samples });
  if (!outcome.ok || samples === undefined) return show(file, outcome);
  const { design, arrays } = outcome.value;
  const used = await bench.useData([samples], design, arrays);
  taken.value = used.ok
    ? withFault({ said: used.value, opened: outcome.value }, file)
    : { fault: used.error };
}

/** What was opened may have a fault of its own. */
function withFault(taken: Taken, { name }: DroppedFile): Taken {
  const message = taken.opened?.fault;
  if (message === undefined) return taken;
  return {
    ...taken,
    fault: { code: 'data', message, place: { file: name, hint: 'say so above, and import it again' } },
  };
}

async function show(file: DroppedFile, outcome: Outcome<Reopened>): Promise<void> {
  taken.value = outcome.ok
    ? withFault({ said: `${file.name} is open.`, opened: outcome.value }, file)
    : { fault: outcome.error };
  if (outcome.ok) await bench.open(outcome.value.design, { play: true });
}
