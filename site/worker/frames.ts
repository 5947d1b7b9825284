import type { Frame, Watch } from '../shared/protocol.ts';
import { costView } from './cost.ts';
import type { RunningDesign } from './running.ts';
import { weightsView } from './weights.ts';

/** Slow parts of a frame take turns, one with each frame. */
const parts = ['sample', 'cost', 'weights'] as const;
type Part = (typeof parts)[number];

/** Makes the pictures of a run that the page shows. */
export class Frames {
  #turn = 0;

  /**
   * @param watch what somebody looks at
   * @param isWhole whether all parts are asked for, not only the one whose turn it is
   */
  next(running: RunningDesign, watch: Watch, isPlaying: boolean, isWhole: boolean): Frame {
    const { run, isFirst } = running;
    const turn = parts[this.#turn++ % parts.length];
    const has = (part: Part): boolean => isWhole || isFirst || part === turn;
    running.isFirst = false;
    return {
      run: running.number,
      part: run.part,
      running: isPlaying,
      isFirst,
      epoch: run.epoch,
      done: run.done,
      total: run.total,
      position: run.position,
      samplesPerSecond: (1000 * running.speedSamples) / Math.max(1, performance.now() - running.speedSince),
      recentAccuracy: run.recentAccuracy,
      testAccuracy: run.testAccuracy,
      taught: run.taught,
      carried: running.carried,
      drawings: running.taught?.view,
      ...(has('cost') && costOf(running)),
      ...(has('sample') && sampleOf(running, watch, isPlaying)),
      ...(has('weights') && { weights: watch.weights && weightsView(run.machine, watch.weights) }),
    };
  }
}

function costOf(running: RunningDesign): Pick<Frame, 'cost' | 'mesh' | 'points'> {
  const { run, compiled, points } = running;
  const { image } = compiled.cell;
  const counters = run.counters();
  const { network } = counters;
  running.points = [];
  return {
    points,
    cost: costView(image, counters, run.counted),
    mesh: network && {
      busy: network.busyPs.map((ps) => ps / Math.max(1, network.timePs)),
      sent: network.sent,
      received: network.received,
    },
  };
}

function sampleOf(
  running: RunningDesign,
  { sample, neuron }: Watch,
  isPlaying: boolean,
): Pick<Frame, 'sample'> {
  const { run, viewer, data } = running;
  const { count } = data.test;
  if (viewer === undefined || count === 0) return {};
  if (sample === undefined && isPlaying) running.shown = (running.shown + 1) % count;
  viewer.follow(run.machine, run.epoch);
  return { sample: viewer.ask(sample ?? running.shown, neuron) };
}
