import { type Signal, useSignal } from '@preact/signals';
import type { ErrorParts } from '../../../src/text/index.ts';
import type { DroppedFile, Reopened, Outcome as Told } from '../../shared/protocol.ts';
import { Panel } from '../panels/panel.tsx';
import { bench } from '../store.ts';
import { type AskedGraph, asked, GraphForm, graphIn } from './graph-form.tsx';

/** Larger files would fill the memory of the browser. */
const mostBytes = 1 << 30;

/** What came of the files that were dropped last. */
interface Taken {
  readonly said?: string;
  readonly fault?: ErrorParts;
  readonly opened?: Reopened;
}

/** A person's own data, network or report: dropped, or chosen. */
export function DropZone() {
  const taken = useSignal<Taken>({});
  const isOver = useSignal(false);
  const take = (files: readonly File[]): Promise<void> => takeFiles(files, taken);
  return (
    <Panel
      id="own"
      title="Your own data, network or report"
      about="Files stay on this page: nothing is sent anywhere."
    >
      <section
        aria-label="Place to drop files"
        class={`drop ${isOver.value ? 'over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          isOver.value = true;
        }}
        onDragLeave={() => {
          isOver.value = false;
        }}
        onDrop={(event) => {
          event.preventDefault();
          isOver.value = false;
          void take([...(event.dataTransfer?.files ?? [])]);
        }}
      >
        <label class="choose">
          Drop files here, or choose them{' '}
          <input
            type="file"
            id="own-files"
            multiple
            onChange={({ currentTarget }) => {
              void take([...(currentTarget.files ?? [])]);
              // The same files can be chosen again after they have changed.
              currentTarget.value = '';
            }}
          />
        </label>
        <ul class="about">
          <li>data: one .npz with x and y, IDX files as of MNIST, or one or two .h5 in the layout of SHD</li>
          <li>a network: a graph of NIR (.nir), alone or with a .npz of samples for it</li>
          <li>the report.json of a run</li>
        </ul>
      </section>
      <GraphForm onImport={(graph) => void importGraph(graph, taken)} />
      <Outcome taken={taken} />
    </Panel>
  );
}

function Outcome({ taken }: { readonly taken: Signal<Taken> }) {
  const { said, fault, opened } = taken.value;
  const data = bench.ownData.value;
  return (
    <>
      <div role="status" id="own-said">
        {said !== undefined && <p>{said}</p>}
        {opened !== undefined && opened.notes.length > 0 && (
          <ul>
            {opened.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
        {opened !== undefined && opened.figures.length > 0 && (
          <table>
            <caption>{opened.answers === undefined ? 'The report says' : 'Floats beside integers'}</caption>
            <tbody>
              {opened.figures.map(({ name, value, whole }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td title={whole}>{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      <div role="alert" id="own-fault" class="fault-note" hidden={fault === undefined}>
        {fault !== undefined && (
          <>
            <p>
              {fault.place.file !== undefined && <strong>{fault.place.file}: </strong>}
              {fault.message}
            </p>
            {fault.place.hint !== undefined && <p class="about">{fault.place.hint}</p>}
          </>
        )}
      </div>
      {data !== undefined && (
        <p class="row">
          In use: {data}{' '}
          <button
            type="button"
            id="own-none"
            onClick={() => {
              taken.value = {};
              void bench.useData([]);
            }}
          >
            Back to the digits
          </button>
        </p>
      )}
    </>
  );
}

async function takeFiles(given: readonly File[], taken: Signal<Taken>): Promise<void> {
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
    asked.value = graph;
    taken.value = { said: `${graph.file.name}: say below what it does not, then import it.` };
    return;
  }
  const [file] = files;
  if (file !== undefined && files.length === 1 && /\.json$/i.test(file.name)) {
    await show(file, await bench.remote.readReport(file), taken);
    return;
  }
  const outcome = await bench.useData(files);
  taken.value = outcome.ok ? { said: outcome.value } : { fault: outcome.error };
}

/** Imports a graph as it was asked for, and runs it. */
async function importGraph(graph: AskedGraph, taken: Signal<Taken>): Promise<void> {
  const { file, samples, ...options } = graph;
  taken.value = { said: `Importing ${file.name}, and comparing it with floats …` };
  const outcome = await bench.remote.readGraph(file, { ...options, samples });
  if (!outcome.ok || samples === undefined) return show(file, outcome, taken);
  const { design, arrays } = outcome.value;
  const used = await bench.useData([samples], design, arrays);
  taken.value = used.ok ? { said: used.value, opened: outcome.value } : { fault: used.error };
}

async function show(file: DroppedFile, outcome: Told<Reopened>, taken: Signal<Taken>): Promise<void> {
  taken.value = outcome.ok
    ? { said: `${file.name} is open.`, opened: outcome.value }
    : { fault: outcome.error };
  if (outcome.ok) await bench.open(outcome.value.design, { play: true });
}
