import { EditorPanel } from './editor/panel.tsx';
import { Lessons } from './lessons/panel.tsx';
import { OneByOne } from './one-by-one.tsx';
import { Accuracy } from './panels/accuracy.tsx';
import { Compared } from './panels/compared.tsx';
import { Choices, Controls, Progress } from './panels/controls.tsx';
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
import { LinkNote, ShareButton } from './share/share.tsx';
import { bench, look } from './store.ts';

/** The page, from what it learns to what that costs. */
export function App() {
  return (
    <>
      <a class="skip" href="#play">
        Skip to the controls
      </a>
      <header>
        <div>
          <h1>Plasticore playground</h1>
          <p>
            A simulated neuromorphic core learns on this page. It counts every bit, cycle and picojoule.
            Change one thing, and see what it costs.
          </p>
        </div>
        <div class="take-away">
          <ShareButton />
          <DownloadButton />
          <VerilogButton />
        </div>
      </header>
      <section class="bench-bar" aria-label="Run">
        <Controls />
        <Choices />
        <Progress />
      </section>
      <main class={look.value.lesson === undefined ? '' : 'beside-lesson'}>
        <LinkNote />
        <FaultNote />
        <p class="description">{bench.opened.value?.description}</p>
        <Lessons />
        <div class="panels-box">
          <div class="panels">
            {/* Before it is known what runs, there is nothing to show. */}
            {bench.opened.value !== undefined && (
              <>
                <Compared />
                <div class="column">
                  <OneByOne>
                    <Accuracy />
                    <Weights />
                    <Neuron />
                  </OneByOne>
                </div>
                <div class="column">
                  <OneByOne>
                    <Drawing />
                    <Sample />
                  </OneByOne>
                </div>
                <div class="column costs">
                  <OneByOne>
                    <KnobsPanel />
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
              </>
            )}
          </div>
        </div>
      </main>
    </>
  );
}
