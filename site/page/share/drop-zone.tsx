import { Hint } from '../hint.tsx';
import { Panel } from '../panels/panel.tsx';
import { bench } from '../store.ts';
import { AdaptButton } from './adapt.tsx';
import { isDragged } from './drops.ts';
import { GraphForm } from './graph-form.tsx';
import { importGraph, takeFiles, taken } from './take-files.ts';

/** A person's own data, network or report: dropped, or chosen. */
export function DropZone() {
  return (
    <Panel
      id="own"
      title="Your own data, network or report"
      about="Your files stay on this page. Nothing is sent anywhere."
    >
      <section aria-label="Place to drop files" class={`drop ${isDragged.value ? 'over' : ''}`}>
        <label class="choose">
          Drop files anywhere on the page, or choose them{' '}
          <input
            type="file"
            id="own-files"
            multiple
            onChange={({ currentTarget }) => {
              void takeFiles([...(currentTarget.files ?? [])]);
              // The same files can be chosen again after they have changed.
              currentTarget.value = '';
            }}
          />
        </label>
        <ul class="about">
          <li>
            Data: one .npz with x and y, IDX files such as those of MNIST, or one or two .h5 in the layout of
            SHD.
          </li>
          <li>A network: a graph of NIR (.nir), alone or with a .npz of samples for it.</li>
          <li>The report.json of a run.</li>
        </ul>
      </section>
      <GraphForm onImport={(graph) => void importGraph(graph)} />
      <Outcome />
    </Panel>
  );
}

function Outcome() {
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
            {fault.place.hint !== undefined && <Hint text={fault.place.hint} />}
            <AdaptButton />
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
