import { type Signal, useSignal } from '@preact/signals';
import type { ErrorParts } from '../../../src/text/index.ts';
import type { DroppedFile, Reopened } from '../../shared/protocol.ts';
import { Panel } from '../panels/panel.tsx';
import { bench } from '../store.ts';

/** The frameworks whose graphs of NIR are known. The worker refuses any other. */
const frameworks = ['snntorch', 'norse', 'sinabs', 'rockpool', 'spikingjelly'];
/** Steps of a sample of a graph, if nothing else is chosen. */
const usualSteps = 32;
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
  const from = useSignal('');
  const steps = useSignal(usualSteps);
  const take = (files: readonly File[]): Promise<void> =>
    takeFiles(files, taken, { from: from.value || undefined, steps: steps.value });
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
          <li>a network: a graph of NIR (.nir)</li>
          <li>the report.json of a run</li>
        </ul>
      </section>
      <fieldset class="row">
        <legend class="hidden">What a graph of NIR does not say</legend>
        <label>
          A .nir file is from{' '}
          <select
            id="nir-from"
            value={from.value}
            onChange={({ currentTarget }) => {
              from.value = currentTarget.value;
            }}
          >
            <option value="">NIR's equations at their word</option>
            {frameworks.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          steps of a sample{' '}
          <input
            type="number"
            id="nir-steps"
            min={1}
            max={1000}
            value={steps.value}
            onChange={({ currentTarget }) => {
              steps.value = Math.max(
                1,
                Math.min(1000, Math.round(Number(currentTarget.value) || usualSteps)),
              );
            }}
          />
        </label>
      </fieldset>
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
            <caption>The report says</caption>
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

async function takeFiles(
  given: readonly File[],
  taken: Signal<Taken>,
  graph: { readonly from: string | undefined; readonly steps: number },
): Promise<void> {
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
  const [file] = files;
  if (file !== undefined && files.length === 1 && /\.(nir|json)$/i.test(file.name)) {
    const outcome = await (file.name.toLowerCase().endsWith('.nir')
      ? bench.remote.readGraph(file, graph)
      : bench.remote.readReport(file));
    taken.value = outcome.ok
      ? { said: `${file.name} is open.`, opened: outcome.value }
      : { fault: outcome.error };
    if (outcome.ok) await bench.open(outcome.value.design, { play: true });
    return;
  }
  const outcome = await bench.useData(files);
  taken.value = outcome.ok ? { said: outcome.value } : { fault: outcome.error };
}
