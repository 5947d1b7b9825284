/** The costs of a bank of SRAM by its shape, flavour, node, supply and temperature. */

export { cellUm2, sramArea } from './area.ts';
export { accessEnergy as sramEnergy } from './energy.ts';
export { flavours, usualFlavour, usualTemperatureC } from './leakage.ts';
export { sram } from './sram.ts';
