import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { grouped, percent } from '../../../src/report/index.ts';
import { kindOf, shortName } from '../editor/files.ts';
import { ExperimentChoice } from '../gallery/gallery.tsx';
import { pinPresent, unpin } from '../pinning.ts';
import { bench, catalogue, pinned } from '../store.ts';

/** Run, stand still, one sample, from the start; what runs, and how far it is. */
export function Controls() {
  const frame = bench.frame.value;
  const isPlaying = frame?.running ?? true;
  const isDone = frame?.part === 'done';
  const both = (act: (each: typeof bench) => void) => () => {
    act(bench);
    if (pinned.value !== undefined) act(pinned.value);
  };
  return (
    <fieldset class="controls">
      <legend class="hidden">Controls</legend>
      <button
        type="button"
        class="primary"
        id="play"
        onClick={both((each) => (isPlaying ? each.pause() : each.play()))}
      >
        <span aria-hidden="true">{isPlaying ? '❚❚' : '▶'}</span>{' '}
        {isPlaying ? 'Pause' : isDone ? 'Run again' : 'Run'}
      </button>
      <button type="button" id="step" onClick={both((each) => each.step())} title="Presents one more sample">
        Step
      </button>
      <button
        type="button"
        id="reset"
        onClick={both((each) => each.reset())}
        title="Starts again from the first sample"
      >
        Reset
      </button>
    </fieldset>
  );
}

/** Keeps what runs beside the next design, or lets it go. */
export function PinButton() {
  return pinned.value === undefined ? (
    <button type="button" id="pin" onClick={pinPresent} title="Keeps this design running beside the next one">
      Pin to compare
    </button>
  ) : (
    <button type="button" id="unpin" onClick={unpin}>
      Unpin
    </button>
  );
}

/** Cores that were made on the page. */
function newCores(): string[] {
  const { texts } = catalogue.value;
  return Object.keys(bench.design.value.edits)
    .filter((path) => kindOf(path) === 'hw-model' && texts[path] === undefined)
    .map(shortName);
}

/** Which experiment runs on which core. */
export function Choices() {
  const opened = bench.opened.value;
  const { hw } = bench.design.value;
  const { cores } = catalogue.value;
  const own = opened?.hwModel ?? '';
  return (
    <div class="choices">
      <ExperimentChoice />
      <label>
        Core{' '}
        <select
          id="core"
          value={hw ?? ''}
          onChange={({ currentTarget }) => void bench.change({ hw: currentTarget.value || undefined })}
        >
          <option value="">{hw === undefined ? own : "the experiment's own"}</option>
          {newCores().map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
          {cores.map(({ name, description }) => (
            <option key={name} value={name} title={description}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** What the page waits for before anything has run, and how long it has. */
function Waiting() {
  const seconds = useSignal(0);
  useEffect(() => {
    const began = performance.now();
    const timer = setInterval(() => {
      seconds.value = Math.round((performance.now() - began) / 1000);
    }, 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  const steps = bench.opened.value?.steps ?? bench.design.value.settings['program.steps'];
  const first = typeof steps === 'number' ? ` and running its first ${grouped(steps)} steps` : '';
  return (
    <p class="progress" id="progress">
      {catalogue.value.version === ''
        ? 'The simulator and the digits are loading.'
        : `Compiling ${bench.design.value.experiment}${first} …`}
      {seconds.value >= 3 && ` ${seconds.value} s so far.`}
    </p>
  );
}

/** How far the run is, in one line. */
export function Progress() {
  const frame = bench.frame.value;
  const opened = bench.opened.value;
  if (frame === undefined || opened === undefined) return <Waiting />;
  const { part, epoch, done, total, samplesPerSecond, running, taught, carried } = frame;
  if (bench.isOpening.value)
    return (
      <p class="progress" id="progress">
        Compiling {bench.design.value.experiment} … Until then, you see {opened.design.experiment} as it was.
      </p>
    );
  const where =
    part === 'train'
      ? `epoch ${epoch + 1} of ${opened.epochs}, sample ${grouped(done)} of ${grouped(total)}`
      : part === 'test'
        ? `testing, sample ${grouped(done)} of ${grouped(total)}`
        : `done: ${frame.testAccuracy === undefined ? 'no answers to score' : `${percent(frame.testAccuracy, 2)} of ${grouped(opened.testSamples)} test samples are right`}`;
  return (
    <p class="progress" id="progress">
      {where}
      {running && ` · simulated at ${grouped(samplesPerSecond)} samples a second`}
      {carried > 0 &&
        ` · began with the weights of ${grouped(carried)} samples learnt before the change: Reset starts from the seed`}
      {taught > 0 && ` · it has learnt ${taught} of your drawings, so it is no longer the run of its seed`}
    </p>
  );
}
