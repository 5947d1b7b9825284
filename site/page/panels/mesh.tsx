import { Mesh } from '../../../src/hardware/index.ts';
import { grouped, percent } from '../../../src/report/index.ts';
import { bench } from '../store.ts';
import { Panel } from './panel.tsx';

const cell = 34;

/** The cores of a chip on their mesh, north up: what each holds, and how long it works. */
export function MeshPanel() {
  const opened = bench.opened.value;
  const view = bench.mesh.value;
  if (opened?.mesh === undefined) return null;
  const { cores } = opened.mesh;
  const mesh = new Mesh(opened.mesh);
  const { columns, rows, tiles, coresPerTile } = mesh;
  const used = new Map(cores.map((core) => [core.core, core]));
  return (
    <Panel
      id="mesh"
      title="Chip"
      about={`${cores.length} of ${grouped(tiles * coresPerTile)} cores hold a part of the network. A darker core computes for a larger share of the time.`}
      class="broad"
    >
      <svg
        class="mesh"
        viewBox={`0 0 ${columns * cell} ${rows * cell}`}
        role="img"
        aria-label={`${columns} by ${rows} tiles with ${coresPerTile} cores each; ${cores.length} are used`}
      >
        {Array.from({ length: tiles }, (_, tile) => tile).flatMap((tile) =>
          Array.from({ length: coresPerTile }, (_, within) => {
            const [column, row] = [mesh.x[tile] ?? 0, rows - 1 - (mesh.y[tile] ?? 0)];
            const number = tile * coresPerTile + within;
            const core = used.get(number);
            const busy = view?.busy[number] ?? 0;
            const part = (cell - 4) / coresPerTile;
            return (
              <g key={number}>
                <rect
                  class={core === undefined ? 'idle' : 'core'}
                  x={column * cell + 2 + within * part}
                  y={row * cell + 2}
                  width={Math.max(2, part - 1)}
                  height={cell - 4}
                  rx={3}
                  fill-opacity={core === undefined ? 1 : 0.15 + 0.85 * busy}
                />
                {core !== undefined && (
                  <title>
                    core {number}:{' '}
                    {core.slices
                      .map(({ population, first, last }) => `${population} ${first} to ${last}`)
                      .join(', ')}
                    ; {grouped(core.totalBits / 8000)} kB; busy {percent(busy)};{' '}
                    {grouped(view?.sent[number] ?? 0)} packets sent, {grouped(view?.received[number] ?? 0)}{' '}
                    received
                  </title>
                )}
              </g>
            );
          }),
        )}
      </svg>
      <details>
        <summary>Core by core</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">core</th>
              <th scope="col">holds</th>
              <th scope="col">memory</th>
              <th scope="col">busy</th>
              <th scope="col">sent</th>
              <th scope="col">received</th>
            </tr>
          </thead>
          <tbody>
            {cores.slice(0, 64).map(({ core, slices, totalBits }) => (
              <tr key={core}>
                <th scope="row">{core}</th>
                <td>
                  {slices.map(({ population, first, last }) => `${population} ${first}-${last}`).join(', ')}
                </td>
                <td class="number">{grouped(totalBits / 8000)} kB</td>
                <td class="number">{percent(view?.busy[core] ?? 0)}</td>
                <td class="number">{grouped(view?.sent[core] ?? 0)}</td>
                <td class="number">{grouped(view?.received[core] ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Panel>
  );
}
