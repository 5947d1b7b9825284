import { energy, grouped, percent, shareOfPj } from '../../../src/report/index.ts';
import type { CostView, KernelView } from '../../shared/protocol.ts';
import { Bar } from '../marks/bars.tsx';
import { numbered } from '../numbered.ts';
import { bench, kernelInHand, lookAt, pinned } from '../store.ts';
import { Panel } from './panel.tsx';

/** What each kernel takes, and what binds it. */
export function Kernels() {
  const opened = bench.opened.value;
  const cost = bench.cost.value;
  if (opened === undefined || cost === undefined) return null;
  const other = pinned.value;
  const each = Math.max(1, cost.samples);
  const all = Math.max(1, cost.cycles);
  const inHand = kernelInHand.value;
  const ofKernels = (of: (spent: CostView['kernels'][number]) => number): number =>
    cost.kernels.reduce((sum, spent) => sum + of(spent), 0);
  const rest = {
    cycles: cost.cycles - ofKernels(({ cycles }) => cycles),
    energyPj: cost.energyPj === null ? null : cost.energyPj - ofKernels(({ energyPj }) => energyPj ?? 0),
  };
  const rows = numbered(opened.kernels)
    .map(({ number, item }) => ({ number, kernel: item, spent: cost.kernels[number] }))
    .sort((a, b) => (b.spent?.cycles ?? 0) - (a.spent?.cycles ?? 0));
  return (
    <Panel
      id="kernels"
      title="Kernels"
      about={`Kernels are the small programs that the core runs. These are means of the ${grouped(cost.samples)} samples ${bench.frame.value?.part === 'train' ? 'learnt' : 'answered'} so far. Point at a kernel to find its microcode.`}
      class="broad"
    >
      <div class="scroll">
        <table class="bars kernels">
          <thead>
            <tr>
              <th scope="col">kernel</th>
              <th scope="col">share of cycles</th>
              <th scope="col">cycles a sample</th>
              {other !== undefined && <th scope="col">pinned</th>}
              <th scope="col">energy a sample</th>
              <th
                scope="col"
                title="The unit that works in the most cycles. Issue: no more than one tile of the lanes starts in a cycle."
              >
                bound by
              </th>
              <th scope="col" title="The share of its cycles in which the busiest unit of the lanes works">
                lanes busy
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ number, kernel, spent }) => {
              const { source } = kernel;
              return (
                <tr
                  key={kernel.name}
                  class={inHand === number ? 'in-hand' : ''}
                  onPointerEnter={() => {
                    kernelInHand.value = number;
                  }}
                  onPointerLeave={() => {
                    kernelInHand.value = undefined;
                  }}
                >
                  <th scope="row">
                    {source === undefined ? (
                      kernel.name
                    ) : (
                      <button
                        type="button"
                        class="link"
                        title={`show its microcode in ${source.file}`}
                        onFocus={() => {
                          kernelInHand.value = number;
                        }}
                        onBlur={() => {
                          kernelInHand.value = undefined;
                        }}
                        onClick={() => {
                          lookAt({ file: source.file });
                          document.getElementById('editor')?.scrollIntoView({ block: 'start' });
                        }}
                      >
                        {kernel.name}
                      </button>
                    )}
                  </th>
                  <td class="wide">
                    <Bar share={(spent?.cycles ?? 0) / all} tone={inHand === number ? 'orange' : 'blue'} />
                    <span class="number">{percent((spent?.cycles ?? 0) / all)}</span>
                  </td>
                  <td class="number">{grouped((spent?.cycles ?? 0) / each)}</td>
                  {other !== undefined && <td class="number">{pinnedCycles(kernel.name)}</td>}
                  <td class="number">{energy(shareOfPj(spent?.energyPj ?? null, each))}</td>
                  <td>{kernel.boundBy}</td>
                  <td class="number">{kernel.source && percent(lanesBusy(kernel), 0)}</td>
                </tr>
              );
            })}
            <tr id="kernels-rest">
              <th scope="row" title="Clock, leakage, the queue of spikes and the steps between kernels">
                everything else
              </th>
              <td class="wide">
                <Bar share={rest.cycles / all} />
                <span class="number">{percent(rest.cycles / all)}</span>
              </td>
              <td class="number">{grouped(rest.cycles / each)}</td>
              {other !== undefined && <td />}
              <td class="number">{energy(shareOfPj(rest.energyPj, each))}</td>
              <td />
              <td />
            </tr>
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** Share of its cycles in which the busiest arithmetic unit of the lanes works; otherwise, they wait for words. */
function lanesBusy({ utilisation }: KernelView): number {
  const units = Object.entries(utilisation).filter(([unit]) => unit !== 'issue' && !unit.endsWith('ports'));
  return Math.max(0, ...units.map(([, share]) => share));
}

/** Cycles a sample of the kernel of the same name in the pinned design. */
function pinnedCycles(name: string): string {
  const other = pinned.value;
  const index = other?.opened.value?.kernels.findIndex((kernel) => kernel.name === name) ?? -1;
  const cost = other?.cost.value;
  const spent = cost?.kernels[index];
  return spent === undefined || cost === undefined ? '' : grouped(spent.cycles / Math.max(1, cost.samples));
}
