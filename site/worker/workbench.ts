import { findBundled } from 'plasticore/bundled';
import type { Dataset } from '../../src/data/index.ts';
import { stateSha256 } from '../../src/engine/index.ts';
import { checkData, meaningOf } from '../../src/experiment/index.ts';
import { price } from '../../src/image/index.ts';
import { knownEnergyPj } from '../../src/report/index.ts';
import { attempt, PlasticoreError } from '../../src/text/index.ts';
import { type Design, differInTexts } from '../shared/design.ts';
import type { DroppedFile } from '../shared/dropped-file.ts';
import type { GalleryCard } from '../shared/gallery.ts';
import type { GraphOptions, GraphView } from '../shared/graphs.ts';
import type {
  Adaptation,
  Catalogue,
  DesignOfFile,
  Frame,
  OpenDesign,
  OpenOptions,
  Outcome,
  SampleArrays,
  SampleView,
  Watch,
  Workbench,
} from '../shared/protocol.ts';
import { adaptationTo } from './adapting.ts';
import { carryOver } from './carry.ts';
import { catalogue } from './catalogue.ts';
import { type CompiledDesign, compileDesign } from './compile.ts';
import { type LoadOwn, samplesOf } from './data.ts';
import { designFiles } from './design-files.ts';
import { loadDigits } from './digits.ts';
import { loaderOf } from './dropped.ts';
import { findEdited } from './files.ts';
import { Frames } from './frames.ts';
import type { Gallery } from './gallery.ts';
import { openedView } from './opened.ts';
import { settled, settledNow, unwatched } from './outcome.ts';
import { canWatch, nextPoint, probed } from './probing.ts';
import { SteppedRun } from './run.ts';
import { onDemand, type RunningDesign } from './running.ts';
import { slateOf } from './slate.ts';
import { TaughtDrawings } from './taught.ts';
import { Viewer } from './viewer.ts';

/** The worker turns to its messages after so many milliseconds of work. */
const sliceMs = 12;
/** Milliseconds between two pictures of the run. */
const frameMs = 100;
/** Compiles designs, runs them in slices, and sends pictures of what they do. */
export class Bench implements Workbench {
  #running: RunningDesign | undefined;
  #isPlaying = false;
  /** The samples after which it stands still, when it has been asked to go on to there. */
  #goal: number | undefined;
  #isScheduled = false;
  #watch: Watch = {};
  #listener: ((frame: Frame) => void) | undefined;
  #lastFrame = 0;
  readonly #frames = new Frames();
  #own: LoadOwn | undefined;
  #gallery: Gallery | undefined;
  readonly #turns = new MessageChannel();

  constructor() {
    // A message comes back at once; a timer would wait for some milliseconds.
    this.#turns.port1.onmessage = () => this.#slice();
    void loadDigits().catch(() => undefined);
  }

  catalogue(): Catalogue {
    return catalogue();
  }

  card(experiment: string): Promise<Outcome<GalleryCard>> {
    return settled(async () => {
      const { Gallery } = await import('./gallery.ts');
      this.#gallery ??= new Gallery(findBundled);
      return this.#gallery.card(experiment);
    });
  }

  async open(
    design: Design,
    { at = 0, play = false, keep = false, run = 0 }: OpenOptions = {},
  ): Promise<Outcome<OpenDesign>> {
    let adaptation: Adaptation | undefined;
    const outcome = await settled(async () => {
      const compiled = compileDesign(design, findEdited(design.edits));
      const before = keep ? this.#running : undefined;
      const adopted = before && this.#adopt(before, compiled, run);
      if (adopted !== undefined) return adopted;
      const data = await samplesOf(compiled, this.#own, loadDigits);
      const unfit = attempt(() => checkData(compiled.cell, data));
      if (unfit instanceof PlasticoreError) {
        adaptation = adaptationTo(compiled, data);
        throw unfit;
      }
      this.#start(
        compiled,
        data,
        run,
        before && differInTexts(before.compiled.design, design) ? before : undefined,
      );
      const running = this.#current();
      this.#goal = play || at === 0 ? undefined : Math.min(at, running.run.count);
      this.#isPlaying = play || this.#goal !== undefined;
      this.#schedule();
      this.#emit(true);
      return openedView(compiled, data, running);
    });
    return outcome.ok ? outcome : { ...outcome, adaptation };
  }

  async adopt(design: Design, run: number): Promise<Outcome<OpenDesign> | undefined> {
    const outcome = await settled(async () => {
      const compiled = compileDesign(design, findEdited(design.edits));
      return this.#adopt(this.#current(), compiled, run);
    });
    return outcome.ok && outcome.value !== undefined ? { ok: true, value: outcome.value } : undefined;
  }

  /** What runs goes on under a new name, if a design means the same. */
  #adopt(before: RunningDesign, compiled: CompiledDesign, number: number): OpenDesign | undefined {
    if (before.own !== this.#own || before.meaning() !== meaningOf(compiled.cell)) return undefined;
    // The cells are equal: the machine may keep its own.
    this.#running = { ...before, number, compiled: { ...compiled, cell: before.compiled.cell } };
    this.#emit(true);
    return { ...openedView(compiled, before.data, this.#running), goesOn: true };
  }

  play(): void {
    // Ignore buttons until a design is open.
    if (this.#running === undefined) return;
    this.#isPlaying = true;
    this.#goal = undefined;
    const { run } = this.#current();
    if (run.part === 'done') this.reset();
    this.#restartSpeed();
    this.#emit(true);
    this.#schedule();
  }

  pause(): void {
    if (this.#running === undefined) return;
    this.#isPlaying = false;
    this.#goal = undefined;
    this.#emit(true);
  }

  advance(samples: number): void {
    if (this.#running === undefined) return;
    this.#isPlaying = false;
    this.#goal = undefined;
    const running = this.#current();
    for (let index = 0; index < samples; index++) this.#present(running);
    this.#emit(true);
  }

  reset(): void {
    if (this.#running === undefined) return;
    this.#goal = undefined;
    const { compiled, data, number } = this.#current();
    this.#start(compiled, data, number);
    this.#emit(true);
  }

  watch(watch: Watch): void {
    this.#watch = watch;
    if (this.#running !== undefined && !this.#isPlaying) this.#emit(true);
  }

  ask(picture: Uint8Array): Outcome<SampleView> {
    return settledNow(() => this.#askDrawing(picture, 0));
  }

  teach(picture: Uint8Array, label: number): Outcome<SampleView> {
    return settledNow(() => {
      const running = this.#current();
      const { run, viewer, compiled, data } = running;
      this.#draw(picture, label);
      if (viewer === undefined) throw unwatched();
      running.taught ??= new TaughtDrawings(compiled.cell, data, viewer, run);
      running.taught.teach(run);
      const view = this.#askDrawing(picture, label);
      this.#emit(true);
      this.#schedule();
      return view;
    });
  }

  stateSha256(): string | undefined {
    const running = this.#running;
    return running === undefined || this.#isPlaying ? undefined : stateSha256(running.run.machine.save());
  }

  check(design: Design): Outcome<undefined> {
    return settledNow(() => {
      compileDesign(design, findEdited(design.edits));
      return undefined;
    });
  }

  files(): Readonly<Record<string, string | Uint8Array>> {
    const { compiled } = this.#current();
    return designFiles(compiled.design, compiled.find);
  }

  verilog(): Promise<Outcome<Readonly<Record<string, string>>>> {
    const { compiled } = this.#current();
    return settled(async () => {
      const { verilogFiles } = await import('./verilog.ts');
      return verilogFiles(compiled, this.#own);
    });
  }

  async useData(files: readonly DroppedFile[], arrays?: SampleArrays): Promise<Outcome<string>> {
    return settled(async () => {
      const own = files.length === 0 ? undefined : loaderOf(files);
      const data = await own?.({ arrays });
      this.#own = own;
      return data === undefined
        ? 'digits'
        : `${data.name}: ${data.train.count} samples to learn, ${data.test.count} to test`;
    });
  }

  readReport(file: DroppedFile): Promise<Outcome<DesignOfFile>> {
    return settled(async () => {
      const { designOfReport } = await import('./reports.ts');
      return designOfReport(file, findEdited({}));
    });
  }

  viewGraph(file: DroppedFile): Promise<Outcome<GraphView>> {
    return settled(async () => {
      const { graphView } = await import('./graph-options.ts');
      return graphView(file);
    });
  }

  readGraph(file: DroppedFile, options: GraphOptions): Promise<Outcome<DesignOfFile>> {
    return settled(async () => {
      const { designOfGraph } = await import('./graphs.ts');
      return designOfGraph(file, options, findEdited({}), loadDigits);
    });
  }

  subscribe(onFrame: (frame: Frame) => void): void {
    this.#listener = onFrame;
  }

  /** @param before whose weights it begins with, where they have the same shape */
  #start(compiled: CompiledDesign, data: Dataset, number: number, before?: RunningDesign): void {
    const slate = slateOf(data);
    const { cell } = compiled;
    const run = new SteppedRun(cell, data, slate);
    const viewer = canWatch(cell) ? new Viewer(cell, data, slate) : undefined;
    const learnt = before === undefined ? 0 : before.carried + before.run.learnt;
    this.#drawable = slate;
    this.#running = {
      number,
      compiled,
      data,
      own: this.#own,
      meaning: onDemand(() => meaningOf(cell)),
      carried: before !== undefined && learnt > 0 && carryOver(before.run, run) > 0 ? learnt : 0,
      run,
      viewer,
      taught: undefined,
      points: [],
      isFirst: true,
      nextPoint: 0,
      probed: viewer === undefined ? 0 : probed(cell.image, data),
      speedSince: performance.now(),
      speedSamples: 0,
      shown: 0,
    };
  }

  #drawable: ReturnType<typeof slateOf>;

  #draw(picture: Uint8Array, label: number): void {
    if (this.#drawable === undefined)
      throw new PlasticoreError('usage', 'this experiment takes spikes, which nobody can draw', {
        hint: 'open an experiment on digits, such as mnist-snn',
      });
    this.#drawable.draw(picture, label);
  }

  #askDrawing(picture: Uint8Array, label: number): SampleView {
    const { run, viewer } = this.#current();
    this.#draw(picture, label);
    if (viewer === undefined) throw unwatched();
    viewer.follow(run.machine, run.epoch);
    return viewer.askDrawing(this.#watch.neuron);
  }

  #schedule(): void {
    if (this.#isScheduled || (!this.#isPlaying && this.#running?.taught?.isAsking !== true)) return;
    this.#isScheduled = true;
    this.#turns.port2.postMessage(undefined);
  }

  #slice(): void {
    this.#isScheduled = false;
    const running = this.#running;
    if (running === undefined) return;
    const until = performance.now() + sliceMs;
    if (!this.#isPlaying) {
      this.#examine(running, until);
      return;
    }
    const { run } = running;
    const goal = this.#goal ?? run.count;
    while (performance.now() < until && run.position < goal) this.#present(running);
    if (run.position >= goal) {
      this.#isPlaying = false;
      this.#goal = undefined;
    }
    this.#emit(!this.#isPlaying);
    this.#schedule();
  }

  /** While the run stands still, the core is asked what it knows before and after it was taught. */
  #examine({ taught }: RunningDesign, until: number): void {
    if (taught?.isAsking !== true) return;
    taught.ask(until);
    this.#emit(!taught.isAsking);
    this.#schedule();
  }

  #present(running: RunningDesign): void {
    const { run, viewer } = running;
    // Another sample comes between: what drawings have done is no longer told apart.
    if (run.part !== 'done') running.taught = undefined;
    if (run.position >= running.nextPoint && run.part === 'train') {
      running.nextPoint = nextPoint(run.position);
      viewer?.follow(run.machine, run.epoch);
      const { image } = running.compiled.cell;
      running.points.push({
        position: run.position,
        recent: run.recentAccuracy ?? 0,
        heldOut: running.probed > 0 ? viewer?.accuracy(0, running.probed) : undefined,
        energyPj: knownEnergyPj(price(run.counters(), image.costs), image.costs),
      });
    }
    run.advance();
    running.speedSamples += 1;
  }

  #restartSpeed(): void {
    const running = this.#current();
    running.speedSince = performance.now();
    running.speedSamples = 0;
  }

  /** Sends a picture of the run, if it is time for one. */
  #emit(isDue: boolean): void {
    const now = performance.now();
    if (this.#listener === undefined || (!isDue && now - this.#lastFrame < frameMs)) return;
    this.#lastFrame = now;
    this.#listener(this.#frames.next(this.#current(), this.#watch, this.#isPlaying, isDue));
  }

  #current(): RunningDesign {
    if (this.#running === undefined) throw new Error('nothing is open');
    return this.#running;
  }
}
