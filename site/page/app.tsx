import { useEffect } from 'preact/hooks';
import type { CostView, OpenDesign } from '../shared/protocol.ts';
import { canDraw } from './draw/own-drawing.ts';
import { EditorPanel } from './editor/panel.tsx';
import { LessonList, OpenLesson } from './lessons/panel.tsx';
import { OneByOne } from './one-by-one.tsx';
import { Accuracy } from './panels/accuracy.tsx';
import { Activity, hasCurve } from './panels/activity.tsx';
import { Compared } from './panels/compared.tsx';
import { Choices, Controls, PinButton, Progress } from './panels/controls.tsx';
import { Drawing } from './panels/drawing.tsx';
import { Energy } from './panels/energy.tsx';
import { FaultNote } from './panels/fault.tsx';
import { Kernels } from './panels/kernels.tsx';
import { KnobsPanel } from './panels/knobs.tsx';
import { Memory } from './panels/memory.tsx';
import { MeshPanel } from './panels/mesh.tsx';
import { Neuron } from './panels/neuron.tsx';
import { Sample } from './panels/sample.tsx';
import { Weights } from './panels/weights.tsx';
import { DownloadButton, VerilogButton } from './share/download.tsx';
import { DropZone } from './share/drop-zone.tsx';
import { followDrops, isDragged } from './share/drops.ts';
import { LinkNote, ShareButton } from './share/share.tsx';
import { takeFiles } from './share/take-files.ts';
import { bench, look } from './store.ts';

/** The page: what one can do at once, then what runs, then what it costs. */
export function App() {
  const opened = bench.opened.value;
  useEffect(() => followDrops(globalThis, takeDropped), []);
  return (
    <>
      <a class="skip" href="#play">
        Skip to the controls
      </a>
      <header>
        <h1>Plasticore playground</h1>
        <p id="what-to-do">{whatToDo(opened)}</p>
      </header>
      {isDragged.value && <p class="dragged">Drop the files here.</p>}
      <section class="bench-bar" aria-label="Run">
        <Controls />
        <Progress />
      </section>
      <main class={look.value.lesson === undefined ? '' : 'beside-lesson'}>
        <LinkNote />
        <FaultNote />
        <OpenLesson />
        <div class="panels-box">
          {/* Before it is known what runs, there is nothing to show. */}
          {opened === undefined && <div class="stage-to-come" aria-hidden="true" />}
          {opened !== undefined && (
            <div class="stage">
              {canDraw(opened) ? <Drawing /> : <Sample />}
              {hasCurve(opened) ? <Accuracy /> : <Activity opened={opened} />}
            </div>
          )}
          <section class="design-bar" aria-label="Design">
            <Choices />
            <div class="take-away">
              <PinButton />
              <span class="take-words">Take it with you:</span>
              <ShareButton />
              <DownloadButton />
              <VerilogButton />
            </div>
            <p class="description">
              {opened?.description}{' '}
              {hasNoEnergies(bench.cost.value)
                ? 'Every bit and cycle of the simulated core is counted; its energies are unknown.'
                : 'Every bit, cycle and picojoule of the simulated core is counted.'}
            </p>
          </section>
          <LessonList />
          {opened !== undefined && <Panels opened={opened} />}
        </div>
      </main>
    </>
  );
}

/** Takes files, and goes to the panel that says what came of them. */
function takeDropped(files: readonly File[]): void {
  document.getElementById('own')?.scrollIntoView({ block: 'start' });
  void takeFiles(files);
}

/** Whether nobody knows the energies of the core. */
function hasNoEnergies(cost: CostView | undefined): boolean {
  return cost?.energyPj === null;
}

/** All that is below the first screen. */
function Panels({ opened }: { readonly opened: OpenDesign }) {
  return (
    <div class="panels">
      <Compared />
      <div class="column">
        <OneByOne>
          <Weights />
          <Neuron />
        </OneByOne>
      </div>
      <div class="column">
        <OneByOne>
          {canDraw(opened) && <Sample />}
          <KnobsPanel />
        </OneByOne>
      </div>
      <div class="column costs">
        <OneByOne>
          <Memory />
          <Energy />
        </OneByOne>
      </div>
      <div class="column broad">
        <OneByOne>
          <MeshPanel />
          <Kernels />
          <EditorPanel />
          <DropZone />
        </OneByOne>
      </div>
    </div>
  );
}

/** One sentence, for whoever comes for the first time. */
function whatToDo(opened: OpenDesign | undefined): string {
  if (opened === undefined)
    return 'A core of a neuromorphic chip is simulated here. You can draw for it in a moment.';
  if (canDraw(opened) && opened.learns)
    return 'Draw a digit. The neuromorphic core that learns here answers. If it is wrong, teach it.';
  if (canDraw(opened))
    return 'Draw a digit, and the simulated core answers. This network learns nothing more.';
  return opened.canWatch
    ? 'Watch a sample run through the core step by step. Or change one thing below, and see what it costs.'
    : 'Watch the cores work. Or change one thing below, and see what it costs.';
}
