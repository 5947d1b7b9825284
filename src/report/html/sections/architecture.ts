import { tableOf } from '../../../text/index.ts';
import { keyed, numbers, tabled } from '../../text/columns.ts';
import { amount } from '../../text/format.ts';
import { mostListed } from '../designs.ts';
import { figure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import type { Heat } from '../options/heat.ts';
import { decadesAround, logScatter } from '../options/log-scatter.ts';
import type { Section } from '../section.ts';
import { anyReport, type DesignRuns, meanOf, type PerSample, phases, phaseTitles } from '../study.ts';
import { heatFigure } from './charts.ts';

/** Plots that architects know: roofline, accesses by size of memory, and how busy units are. Of single cores. */
export const architecture: Section = {
  id: 'architecture',
  title: 'The core at work',
  short: 'Core',
  of({ study }) {
    const designs = study.designs
      .filter((design) => anyReport(design).core !== undefined)
      .slice(0, mostListed);
    const kernels = designs.flatMap(kernelDots);
    const banks = designs.flatMap(bankDots);
    const busy = busyShares(designs);
    if (kernels.length + banks.length + busy.columns.length === 0) return undefined;
    return html`<div class="plots">${[
      kernels.length === 0 ? null : roofline(kernels, designs),
      banks.length === 0 ? null : accesses(banks),
      busy.columns.length === 0 ? null : busyFigure(busy),
    ]}</div>
`;
  },
};

function busyFigure(busy: Heat): Markup {
  return heatFigure(busy, 'design', {
    id: 'core-busy',
    title: 'How busy units are in inference, % of the cycles',
    alt: `For each of ${busy.rows.length} designs, the share of the cycles in which each unit works. A unit near 100 % binds.`,
    note: 'Units work at the same time. A unit that is busy nearly all the time binds; one that is hardly ever busy could be smaller.',
  });
}

interface KernelDot {
  readonly design: string;
  readonly kernel: string;
  readonly phase: string;
  readonly lanes: number;
  /** Items for each word of memory, and for each cycle. */
  readonly intensity: number;
  readonly rate: number;
}

/** Kernels that run in inference, or in training alone, and touch memory. */
function kernelDots(design: DesignRuns): KernelDot[] {
  const { core, test, train } = anyReport(design);
  const { lanes } = core;
  return phases.flatMap((phase) => {
    const names = (phase === 'test' ? test : train).perSample?.counters.byKernel ?? [];
    return names.flatMap(({ name }, index): KernelDot[] => {
      const of = (what: (kernel: PerSample['counters']['byKernel'][number]) => number) =>
        meanOf(design, phase, ({ counters }) => {
          const kernel = counters.byKernel[index];
          return kernel === undefined ? 0 : what(kernel);
        }) ?? 0;
      const [items, cycles] = [of((kernel) => kernel.items), of((kernel) => kernel.cycles)];
      const words = of(({ wordsRead, wordsWritten }) => wordsRead + wordsWritten);
      if (items === 0 || words === 0 || cycles === 0) return [];
      const inInference = phase === 'train' && (test.perSample?.counters.byKernel[index]?.items ?? 0) > 0;
      if (inInference) return [];
      const where = { design: design.label, kernel: name, phase: phaseTitles[phase], lanes };
      return [{ ...where, intensity: items / words, rate: items / cycles }];
    });
  });
}

function roofline(dots: readonly KernelDot[], designs: readonly DesignRuns[]): Markup {
  const lanes = [...new Set(designs.map((design) => anyReport(design).core.lanes))].sort((a, b) => a - b);
  const [low, high] = decadesAround(dots.map(({ intensity }) => intensity));
  const most = lanes.at(-1) ?? 1;
  const ends = {
    x: [low, high] as const,
    y: [decadesAround(dots.map(({ rate }) => rate))[0], 10 ** Math.ceil(Math.log10(most * 1.5))] as const,
  };
  const within = (words: number): (readonly [number, number])[] => {
    const corner = most / words;
    return [low, Math.min(high, corner), ...(corner < high ? [high] : [])].map((x) => [
      x,
      Math.min(most, words * x),
    ]);
  };
  return figure({
    id: 'core-roofline',
    title: 'Roofline: items a word, and items a cycle',
    alt: `A dot for each of ${dots.length} kernels. The roofs are ${lanes.join(', ')} lanes, and 1, 2 and 4 words a cycle.`,
    note: `Each dot is a kernel. No kernel is above its lanes (${lanes.join(', ')}), nor above the words that ports give in a cycle: the slopes are 1, 2 and 4. A dot below both is held up by rows, starts or units.`,
    picture: logScatter({
      dots: dots.map(({ design, kernel, phase, intensity, rate }) => ({
        group: kernel.replace(/\(.*/, ''),
        name: `${kernel}, ${phase}, ${design}: ${rate.toPrecision(3)} items a cycle, ${intensity.toPrecision(3)} a word`,
        x: intensity,
        y: rate,
      })),
      lines: [
        ...[1, 2, 4].map((words) => ({ name: `${words} words a cycle`, points: within(words) })),
        ...lanes.slice(0, -1).map((count) => ({
          name: `${count} lanes`,
          points: [
            [Math.max(low, count / 4), count],
            [high, count],
          ] as const,
        })),
      ],
      xName: 'items a word read or written',
      yName: 'items a cycle',
      ends,
    }),
    data: () => ({
      caption: 'Kernels',
      ...tabled(dots, [
        ...keyed('design', 'kernel', 'phase', 'lanes'),
        numbers('itemsPerWord', ({ intensity }) => intensity),
        numbers('itemsPerCycle', ({ rate }) => rate),
      ]),
    }),
  });
}

interface BankDot {
  readonly design: string;
  readonly bank: string;
  readonly bits: number;
  readonly words: number;
}

/** Banks that inference reads or writes. */
function bankDots(design: DesignRuns): BankDot[] {
  const { memory, test } = anyReport(design);
  return (test.perSample?.counters.byBank ?? []).flatMap(({ name }): BankDot[] => {
    const bits = memory.fields
      .filter(({ bank }) => bank === name)
      .reduce((sum, { totalBits }) => sum + totalBits, 0);
    const words =
      meanOf(design, 'test', ({ counters }) => {
        const bank = counters.byBank.find((known) => known.name === name);
        return (bank?.wordsRead ?? 0) + (bank?.wordsWritten ?? 0);
      }) ?? 0;
    return bits === 0 || words === 0 ? [] : [{ design: design.label, bank: name, bits, words }];
  });
}

function accesses(dots: readonly BankDot[]): Markup {
  return figure({
    id: 'core-accesses',
    title: 'Accesses against the size of memories',
    alt: `A dot for each bank of each design: the bits that it holds, and the words that an inference reads and writes.`,
    note: 'Words read and written by an inference, over the bits that a bank holds. What is high and to the left is small and busy: it pays to keep it close.',
    picture: logScatter({
      dots: dots.map(({ design, bank, bits, words }) => ({
        group: `${bank} bank`,
        name: `${bank} bank, ${design}: ${amount(words)} words, ${amount(bits)} bits`,
        x: bits,
        y: words,
      })),
      xName: 'bits held',
      yName: 'words an inference',
    }),
    data: () => ({
      caption: 'Accesses of an inference',
      ...tabled(dots, [...keyed('design', 'bank', 'bits'), numbers('wordsPerSample', ({ words }) => words)]),
    }),
  });
}

/** For each design, the share of the cycles of an inference in which each resource works. */
function busyShares(designs: readonly DesignRuns[]): Heat {
  const shares = designs.flatMap((design) => {
    const { core, test } = anyReport(design);
    const kernels = test.perSample?.counters.byKernel ?? [];
    const all = kernels.reduce((sum, { cycles }) => sum + cycles, 0);
    if (all === 0) return [];
    const busy = tableOf<number>();
    for (const [index, { cycles }] of kernels.entries()) {
      for (const [resource, share] of Object.entries(core.kernels[index]?.utilisation ?? {}))
        busy[resource] = (busy[resource] ?? 0) + (share * cycles) / all;
    }
    return [{ label: design.label, busy }];
  });
  const columns = [...new Set(shares.flatMap(({ busy }) => Object.keys(busy)))].filter((name) =>
    shares.some(({ busy }) => (busy[name] ?? 0) >= 0.005),
  );
  return {
    rows: shares.map(({ label }) => label),
    columns,
    shares: shares.map(({ busy }) => columns.map((name) => busy[name] ?? 0)),
  };
}
