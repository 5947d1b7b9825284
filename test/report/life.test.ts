import { describe, expect, test } from 'vitest';
import { lifeMetrics } from '../../src/report/life.ts';

/** A row of an accuracy matrix. What was met is not of interest where it is left out. */
const row = (stage: number, byTask: readonly (number | null)[], met: number | null = null) => ({
  stage,
  byTask,
  met,
});

describe('the figures of an accuracy matrix', () => {
  test('are those of a calculation by hand', () => {
    // Three tasks. The first one is best after the second stage, 0.9 before it is 0.5 in the end; the second goes from
    // 0.8 to 0.6.
    const tests = [
      row(0, [0.85, null, null], 0.85),
      row(1, [0.9, 0.8, null], 0.84),
      row(2, [0.5, 0.6, 0.7], 0.62),
    ];
    const figures = lifeMetrics(tests, [[0], [1], [2]]);
    expect(figures.averageAccuracy).toBeCloseTo((0.5 + 0.6 + 0.7) / 3, 12);
    expect(figures.incrementalAccuracy).toBeCloseTo((0.85 + 0.84 + 0.62) / 3, 12);
    expect(figures.forgetting).toBeCloseTo((0.4 + 0.2) / 2, 12);
    expect(figures.backwardTransfer).toBeCloseTo((0.5 - 0.85 + (0.6 - 0.8)) / 2, 12);
    expect(figures.forwardTransfer).toBeNull();
  });

  test('know forward transfer where all tasks are tested, from before the first stage on', () => {
    const tests = [
      row(-1, [0.1, 0.2, 0.1]),
      row(0, [0.9, 0.3, 0.1], 0.9),
      row(1, [0.8, 0.9, 0.4], 0.85),
      row(2, [0.8, 0.8, 0.9], 0.83),
    ];
    // What comes before the first stage is no best of a task: nothing has been taught.
    const figures = lifeMetrics(tests, [[0], [1], [2]]);
    expect(figures.forwardTransfer).toBeCloseTo((0.3 - 0.2 + (0.4 - 0.1)) / 2, 12);
    expect(figures.forgetting).toBeCloseTo((0.1 + 0.1) / 2, 12);
    expect(figures.incrementalAccuracy).toBeCloseTo((0.9 + 0.85 + 0.83) / 3, 12);
  });

  test('count a task from the stage that teaches it first, and a frozen stage teaches none', () => {
    // The first task comes again in the third stage; the fourth only meets the third task.
    const tests = [
      row(0, [0.9, null, null]),
      row(1, [0.4, 0.8, null]),
      row(2, [0.95, 0.7, null]),
      row(3, [0.9, 0.75, 0.2]),
    ];
    const figures = lifeMetrics(tests, [[0], [1], [0], []]);
    expect(figures.forgetting).toBeCloseTo((0.95 - 0.9 + (0.8 - 0.75)) / 2, 12);
    expect(figures.backwardTransfer).toBeCloseTo((0.9 - 0.9 + (0.75 - 0.8)) / 2, 12);
    expect(figures.averageAccuracy).toBeCloseTo((0.9 + 0.75 + 0.2) / 3, 12);
  });

  test('of stages that are joint have no earlier tasks, and so nothing to forget', () => {
    expect(lifeMetrics([row(0, [0.9, 0.8], 0.86)], [[0, 1]])).toEqual({
      averageAccuracy: expect.closeTo(0.85, 12),
      incrementalAccuracy: 0.86,
      forgetting: null,
      backwardTransfer: null,
      forwardTransfer: null,
    });
  });

  test('leave out what was not tested', () => {
    const figures = lifeMetrics(
      [row(1, [null, 0.8, null], 0.8), row(2, [0.5, null, 0.7], 0.6)],
      [[0], [1], [2]],
    );
    expect(figures.averageAccuracy).toBeCloseTo(0.6, 12);
    expect([figures.forgetting, figures.backwardTransfer]).toEqual([null, null]);
  });
});
