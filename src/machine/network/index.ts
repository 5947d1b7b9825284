/**
 * Chips of many cores: where cores are, what travels between them, and what that costs in time and energy.
 *
 * This folder knows neither programs nor engines. Whoever runs cores tells it, in each step (or in each phase of a step
 * that has phases), what each core computes and sends:
 *
 * 1. `new Mesh(chip.mesh)` and `networkFigures(chip.costSet, chip.costs)`, from an hw-model; `new Mesh()` and
 *    `freeNetwork` for a chip with one core. `new Traffic(mesh, figures)`, once.
 * 2. For each step: `traffic.begin()`; then for each core in any order `traffic.work(core, time)` and
 *    `traffic.send(source, destination, events, processing)`, in the order in which it does so.
 * 3. `simpleTime(traffic, barrier)` or `new DetailedTime(mesh, figures).time(traffic, barrier)`, with
 *    `barrierTime(figures, tiles)` for the tiles that hold neurons; `networkEnergy(traffic.counters, figures)`.
 * 4. `run.add(traffic.counters)` adds a step to the `TrafficCounters` of a run.
 *
 * Times are in ns, energies in pJ.
 */

export { TrafficCounters } from './counters.ts';
export { DetailedTime, type Journeys } from './detailed-time.ts';
export { type EnergyOptions, type NetworkEnergy, networkEnergy } from './energy.ts';
export { barrierTime, freeNetwork, type NetworkFigures, networkFigures, type Units } from './figures.ts';
export { shortestFlight } from './flight.ts';
export { busiestLink, type SimpleTime, simpleTime, type TimeSetter, timeSetter } from './simple-time.ts';
export { Traffic } from './traffic.ts';
